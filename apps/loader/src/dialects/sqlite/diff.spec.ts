import fc from 'fast-check';

import { diffSet } from './diff.js';
import type { Bound } from './values.js';

const target = {
  table: 'things',
  key: ['a', 'b'],
  columns: [
    { name: 'a', type: 'int' as const },
    { name: 'b', type: 'text' as const },
    { name: 'c', type: 'float' as const },
  ],
};
const keyText = (row: Bound[]) => JSON.stringify(row.slice(0, 2));
const cells = fc.tuple(
  fc.constantFrom<Bound>(1, 'x', '', null),
  fc.constantFrom<Bound>('x', '', 'null', null),
  fc.constantFrom<Bound>(1.5, 0, null),
);
const rows = fc.uniqueArray(cells, { selector: keyText });

describe('the difference of two sets', () => {
  it('makes the stored one equal to the incoming one', () => {
    fc.assert(
      fc.property(rows, rows, (before, incoming) => {
        const stored = new Map<Bound, Bound[]>(before.map((row, id) => [id, row]));
        const { gone, changed, added } = diffSet(target, before.map((row, id) => [id, ...row]), incoming); // prettier-ignore
        for (const id of gone) stored.delete(id);
        for (const { id, row } of changed) stored.set(id, row);
        const after = [...stored.values(), ...added];
        expect(after.map((row) => JSON.stringify(row)).sort()).toEqual(
          incoming.map((row) => JSON.stringify(row)).sort(),
        );
      }),
    );
  });

  it('touches nothing where both are equal', () => {
    fc.assert(
      fc.property(rows, (same) => {
        const difference = diffSet(target, same.map((row, id) => [id, ...row]), same); // prettier-ignore
        expect(difference).toEqual({ gone: [], changed: [], added: [] });
      }),
    );
  });

  it('knows large integers by their text', () => {
    const stored = [[1, '9007199254740993', 'x', null]];
    expect(diffSet(target, stored, [['9007199254740993', 'x', null]]).changed).toEqual([]);
    expect(diffSet(target, [[1, '5', 'x', null]], [[5, 'x', null]]).changed).toEqual([]);
  });

  it('drops rows whose key repeats', () => {
    expect(diffSet(target, [[1, 1, null, 0], [2, 1, null, 0]], [[1, null, 0]])).toMatchObject({ gone: [2] }); // prettier-ignore
  });
});
