import type { ColumnType } from '#contracts';

import { nameOf, toCell } from './cells.js';

const uuid = '6f1c2d3e-0000-4000-8000-00000000abcd';

describe('cells', () => {
  it.each<[ColumnType, unknown, unknown]>([
    ['int', 7, 7],
    ['int', 7.0, 7],
    ['int', '-12', -12],
    ['int', '+12', 12],
    ['int', 2147483647, 2147483647],
    ['int', -2147483648, -2147483648],
    ['bigint', 9007199254740991, 9007199254740991],
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['bigint', '12', 12],
    ['float', 0.1, 0.1],
    ['float', '12.5', 12.5],
    ['float', '-1e3', -1000],
    ['bool', true, true],
    ['bool', 0, false],
    ['bool', 1, true],
    ['bool', 'true', true],
    ['bool', 'false', false],
    ['text', 'Добрий день 👋 שלום', 'Добрий день 👋 שלום'],
    ['text', 12.5, '12.5'],
    ['text', false, 'false'],
    ['text', { a: [1, null] }, '{"a":[1,null]}'],
    ['text', ['x'], '["x"]'],
    ['key', 'x'.repeat(255), 'x'.repeat(255)],
    ['key', 17, '17'],
    ['json', { client: 1, agent: null }, '{"client":1,"agent":null}'],
    ['json', 'text', '"text"'],
    ['json', [], '[]'],
    ['uuid', uuid.toUpperCase(), uuid],
    ['datetime', '2026-11-20T10:11:12Z', '2026-11-20 10:11:12'],
  ])('%s takes %j as %j', (type, value, cell) => expect(toCell(type, value)).toStrictEqual(cell));

  it.each<ColumnType>(['int', 'bigint', 'float', 'bool', 'text', 'key', 'json', 'uuid', 'datetime'])(
    '%s takes null and a missing key as null',
    (type) => {
      expect(toCell(type, null)).toBeNull();
      expect(toCell(type, undefined)).toBeNull();
    },
  );

  it.each<[ColumnType, unknown, string]>([
    ['int', 2147483648, 'number out of range'],
    ['int', -2147483649, 'number out of range'],
    ['int', '99999999999', 'number out of range'],
    ['int', 1.5, 'fraction'],
    ['int', '1.5', 'text'],
    ['int', '', 'text'],
    ['int', true, 'boolean'],
    ['int', [], 'list'],
    ['bigint', 9007199254740992, 'number beyond 2^53, whose last digits JSON has lost'],
    ['bigint', '9223372036854775808', 'number out of range'],
    ['float', 'NaN', 'text'],
    ['float', '', 'text'],
    ['float', '1e999', 'text'],
    ['float', {}, 'object'],
    ['bool', 2, 'number'],
    ['bool', 'yes', 'text'],
    ['key', 'x'.repeat(256), 'text of 256 characters'],
    ['uuid', '6f1c2d3e', 'other text'],
    ['uuid', 5, 'number'],
    ['datetime', '2026-02-31', 'other text'],
    ['datetime', 1763633472, 'number'],
  ])('%s refuses %j as %s', (type, value, name) => {
    expect(toCell(type, value)).toBeUndefined();
    expect(nameOf(value, type)).toBe(name);
  });

  it('knows no negative zero, which databases write in two ways', () => {
    expect(toCell('float', -0)).toBe(0);
    expect(toCell('int', -0)).toBe(0);
  });
});
