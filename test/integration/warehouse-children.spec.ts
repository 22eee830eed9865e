import { tables, type Column, type Row, type RowDocument, type Table } from '#contracts';

import { answeredOf, batchOf, fullRow, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { one, Warehouse } from './warehouse-harness.js';
import { unordered } from './warehouse-model.js';

const sets = tables.filter(({ entity, owner }) => entity === 'session' && owner === 'session_id');
const other = uuidOf(2);

describeDialects('child sets', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  describe.each(sets.map((table) => [table.name, table] as const))('of %s', (_name, table) => {
    const rowsOf = (...numbers: number[]) => numbers.map((number) => childOf(table, number));

    it('gain, change and lose rows as ET does, and end empty', async () => {
      await expectSet(1, rowsOf(1, 2, 3));
      await expectSet(2, rowsOf(1, 2, 3, 4));
      const changed = changedRow(table, childOf(table, 2));
      await expectSet(3, [childOf(table, 1), changed, childOf(table, 4)]);
      await expectSet(4, rowsOf(4, 5));
      await expectSet(5, []);
      await expectSet(6, rowsOf(1));
    });

    it('hold nulls of a key as values, equal to each other', async () => {
      const rows = [...nullKeys(table).map((key) => ({ ...childOf(table, 1), ...key })), childOf(table, 1)];
      await expectSet(1, rows);
      await expectSet(
        2,
        rows.map((row) => changedRow(table, row)),
      );
      await expectSet(3, rows.slice(1));
      await expectSet(4, rows.slice(0, 1));
    });

    it('keep the last row of a key that ET repeats', async () => {
      const [first, last] = [childOf(table, 1), changedRow(table, childOf(table, 1))];
      await merge(1, [first, childOf(table, 2), last]);
      await expectStored([last, childOf(table, 2)]);
      await merge(2, [last, childOf(table, 2), first]);
      await expectStored([first, childOf(table, 2)]);
    });

    it('stay as they are while nobody tells about them', async () => {
      await expectSet(1, rowsOf(1, 2));
      // Neither an answer that could not be had nor one about something else says that there are none.
      const unknown = { ...answeredOf(one, [], 'unknown'), unknown: [{ document: 'scores' as const, reason: '500' }] };
      await warehouse.mergeOne([unknown]);
      const elsewhere = table.document === 'summary' ? 'comments' : 'summary';
      await warehouse.mergeOne([answeredOf(one, [sessionDocument(one, elsewhere, 9)])]);
      await warehouse.mergeOne([answeredOf(other, [documentOf(2, [], other)])]);
      await expectStored(rowsOf(1, 2));
    });

    const documentOf = (version: number, rows: Row[], key = one): RowDocument =>
      sessionDocument(key, table.document as 'session', version, { [table.name]: rows });
    const merge = (version: number, rows: Row[]) =>
      warehouse.merge([batchOf([answeredOf(one, [documentOf(version, rows)])])]);
    const expectStored = async (rows: readonly Row[]) => {
      const expected = rows.map((row) => fullRow(table.name, { ...row, session_id: one }));
      expect(unordered(await warehouse.rows(table.name))).toEqual(unordered(expected));
    };
    const expectSet = async (version: number, rows: Row[]) => {
      await merge(version, rows);
      await expectStored(rows);
    };
  });
});

/** A child told from others by its number, in every column of its key that can tell so many apart. */
function childOf({ columns, owner }: Table, number: number): Row {
  return Object.fromEntries(
    columns.filter(({ name }) => name !== owner).map((column) => [column.name, valueOf(column, number)]),
  );
}

/** The same key with other values beside it, where there are columns beside it. */
function changedRow({ columns, key, owner }: Table, row: Row): Row {
  const others = columns.filter(({ name }) => name !== owner && !key.includes(name));
  return { ...row, ...Object.fromEntries(others.map((column) => [column.name, valueOf(column, 77)])) };
}

/** Each column of the key null by itself, then all of them. */
function nullKeys({ key, owner }: Table): Row[] {
  const parts = key.filter((name) => name !== owner);
  const each = parts.map((name) => ({ [name]: null }));
  return parts.length > 1 ? [...each, Object.fromEntries(parts.map((name) => [name, null]))] : each;
}

function valueOf({ type }: Column, number: number): Row[string] {
  switch (type) {
    case 'int':
      return number;
    case 'bigint':
      return String(number);
    case 'float':
      return number / 4;
    case 'bool':
      return number % 2 === 1;
    case 'text':
    case 'key':
      return `text ${number}`;
    case 'datetime':
      return `2026-03-0${(number % 9) + 1} 10:00:00`;
    case 'json':
      return `{"n":${number}}`;
    case 'uuid':
      return uuidOf(number);
  }
}
