import fc from 'fast-check';

import type { StoredColumn } from '../../schema/definition.js';
import { DataFault } from '../faults.js';
import { fittedTarget } from './fitted.js';
import { sentRow } from './values.js';

const sent = (type: StoredColumn['type'], value: string | number | boolean | null, columnType?: string) => {
  const found = columnType && new Map([['it', { name: 'it', type: columnType, collation: null }]]);
  const catalog = new Map(found ? [['t', { columns: found, indexes: [], foreignKeys: [] }]] : []);
  const target = fittedTarget('dbo', { table: 't', key: ['it'], columns: [{ name: 'it', type }] }, catalog);
  return sentRow(target, { it: value }, 7)[1];
};

describe('values in bulk', () => {
  it('follow the place of their row, and are null where a row has none', () => {
    const target = { table: 't', key: ['a'], columns: ['a', 'b'].map((name) => ({ name, type: 'text' as const })) };
    expect(sentRow(fittedTarget('dbo', target, new Map()), { b: 'x' }, 7)).toEqual([7, null, 'x']);
  });

  it('keep whole numbers to the last digit, as numbers and as text', () => {
    fc.assert(fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (n) => sent('bigint', String(n)) === n));
    fc.assert(fc.property(fc.integer(), (n) => sent('int', n) === n));
  });

  it('keep date-times to the microsecond, the first year and the years before 1753 included', () => {
    expect(sent('datetime', '0001-01-01 00:00:00')).toEqual(new Date('0001-01-01T00:00:00Z'));
    expect(sent('datetime', '1752-09-14 01:02:03.000001')).toMatchObject({ nanosecondDelta: 0.000001 });
    expect(sent('datetime', '2024-02-29T23:59:59.999999')).toMatchObject({ nanosecondDelta: 0.999999 });
  });

  it('may be UUIDs without hyphens where an adopted column holds such', () => {
    const bare = '0123456789abcdef0123456789abcdef';
    expect(sent('uuid', bare, 'char(32)')).toBe(bare);
  });

  it.each([
    ['int', 1.5],
    ['int', ''],
    ['int', '12x'],
    ['int', 2 ** 31],
    ['int', true],
    ['bigint', '9223372036854775808'],
    ['bigint', 1e21],
    ['float', '12x'],
    ['float', Infinity],
    ['bool', 'false'],
    ['bool', 1],
    ['datetime', 'yesterday'],
    ['datetime', '2026-02-30 00:00:00'],
    ['datetime', '2026-03-01 24:00:00'],
    ['datetime', '2026-03-01 00:00:00Z'],
    ['uuid', 'xyz'],
    ['uuid', '0123456789abcdef0123456789abcdef'],
  ] as const)('that are no %s are faults of the data: %p', (type, value) => {
    expect(() => sent(type, value)).toThrow(DataFault);
  });

  it('are not told in the reason', () => {
    expect(() => sent('int', 'a secret')).toThrow(/^a value of t.it is no int; /);
    expect(() => sent('text', 'a\0secret')).toThrow(/^a value of t.it is no text; /);
  });
});
