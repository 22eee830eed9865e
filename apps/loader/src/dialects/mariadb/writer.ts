import type { RowWriter, SetTarget, Stamp, StoredRow, Target } from '../../merge/row-writer.js';
import type { Catalog } from '../../schema/catalog.js';
import type { StoredColumn } from '../../schema/definition.js';
import { fittedSet, fittedTarget, staysDistinct, type FittedTarget } from './fitted.js';
import { cutRows, type Cell } from './packets.js';
import * as statements from './statements.js';

type Values = readonly (Cell | readonly Cell[] | readonly (readonly Cell[])[])[];

/** The SQL calls with lists as parameters: `in (?)` takes values, `values ?` rows. */
export interface Calls {
  query<R extends object>(sql: string, values?: Values): Promise<R[]>;
  run(sql: string, values?: Values): Promise<number>;
}

/**
 * New rows go straight into their table. Rows that may be there already are put into a temporary table of the same
 * types first, so that the server compares like with like, and refuses what does not fit instead of bending it.
 */
export function mariadbWriter({ query, run }: Calls, catalog: Catalog, maxPacket: number): RowWriter {
  const runEach = async (sql: string, rows: readonly Cell[][]): Promise<number> => {
    let changed = 0;
    for (const part of cutRows(rows, maxPacket)) changed += await run(sql, [part]);
    return changed;
  };
  const runIfAny = (sql: string | undefined, values?: Values) => (sql === undefined ? 0 : run(sql, values));
  const isAny = async (target: Target, rows: readonly StoredRow[]) =>
    (await query(statements.anyOf(target), [keysOf(target, rows)])).length > 0;
  const insertAll = (target: Target, rows: readonly StoredRow[], stamp: Stamp | null) =>
    runEach(statements.insert(target, stamp !== null), cellsOf(target, rows, ownCells(stamp)));

  const staged = async <T>(target: FittedTarget, rows: readonly StoredRow[], work: () => Promise<T>): Promise<T> => {
    await run(statements.createStage(target));
    try {
      await runEach(statements.fillStage(target), cellsOf(target, rows));
      return await work();
    } finally {
      // Where the connection is lost the table is gone with it, and that error is the one to tell.
      await run(statements.dropStage).catch(() => undefined);
    }
  };

  /** Inserts what is missing, and where it does, locks the rest in the same go; gives the keys of the rest. */
  const addMissing = async (target: Target, rows: readonly StoredRow[]): Promise<StoredRow[]> => {
    const cells = cellsOf(target, rows);
    if (rows.length === 1) return (await runEach(statements.insertMissing(target), cells)) > 0 ? [] : [...rows];
    for (;;) {
      const known = await query<StoredRow>(statements.storedKeys(target), [keysOf(target, rows)]);
      if (known.length === rows.length) return known;
      await run('savepoint etl_missing');
      const added = await runEach(statements.insertMissing(target), cells);
      if (added === rows.length - known.length) return known;
      // Another loader added some in between; which ones can be told once ours are gone again. Theirs stay locked.
      await run('rollback to savepoint etl_missing');
    }
  };

  return {
    /** A row's lock ends with the transaction; `get_lock` would outlive it. */
    async serialise(name) {
      const columns = [{ name: 'name', type: 'key' as const }];
      await run(statements.insertMissing({ table: 'etl_state', key: ['name'], columns }), [[[name]]]);
    },
    async insertMissing(target, rows) {
      if (rows.length === 0) return [];
      const known = new Set((await addMissing(target, rows)).map((row) => keyOf(target, row)));
      return rows.filter((row) => !known.has(keyOf(target, row)));
    },
    async claim(target, rows) {
      const known = await addMissing(target, rows);
      return known.length === 0 ? [] : query<StoredRow>(statements.lock(target), [keysOf(target, known)]);
    },
    async upsert(target, rows, stamp) {
      if (!(await isAny(target, rows))) return insertAll(target, rows, stamp);
      const fitted = fittedTarget(target, catalog);
      return staged(fitted, rows, async () => {
        const changed = await runIfAny(statements.updateChanged(fitted, stamp !== null), ownCells(stamp));
        return changed + (await run(statements.insertOthers(target, stamp !== null), ownCells(stamp)));
      });
    },
    async keepLeast(target, column, rows) {
      if (!(await isAny(target, rows))) return insertAll(target, rows, null);
      return staged(fittedTarget(target, catalog), rows, async () => {
        const changed = await run(statements.updateGreater(target, column));
        return changed + (await run(statements.insertOthers(target, false)));
      });
    },
    async replaceSets(target, owners, rows, stamp) {
      const fitted = fittedSet(target, catalog);
      const ids = idsOf(target.owner, owners);
      if (rows.length === 0) return run(statements.deleteSets(fitted), [ids]);
      const areNew = (await query(statements.anyInSets(fitted), [ids])).length === 0;
      if (areNew && staysDistinct(fitted, rows)) return insertAll(target, rows, stamp);
      return staged(fitted, rows, async () => {
        const gone = await run(statements.deleteGone(fitted), [ids]);
        const repeated = fitted.repeats ? await run(statements.deleteRepeated(fitted), [ids]) : 0;
        const changed = await runIfAny(statements.updateChanged(fitted, true), ownCells(stamp));
        return gone + repeated + changed + (await run(statements.insertOthers(fitted, true), ownCells(stamp)));
      });
    },
    deleteOthers: (target, owners, keep) =>
      run(statements.deleteOthers(target, keep.length > 0), othersOf(target, owners, keep)),
    markOthers: (target, owners, keep, stamp) =>
      run(statements.markOthers(target, keep.length > 0), [
        stamp.now,
        ...ownCells(stamp),
        ...othersOf(target, owners, keep),
      ]),
    async owners(target, entity, ids) {
      const rows = await query<{ id: string; owner: string; version: string | number | null }>(
        statements.owners(target),
        [entity, idsOf(idColumn(target), ids)],
      );
      return rows.map(({ id, owner, version }) => ({ id, owner, version: Number(version ?? 0) }));
    },
    mark: (target, ids, deleted, stamp) =>
      run(statements.mark(target, deleted), [
        ...(deleted ? [stamp.now] : []),
        ...ownCells(stamp),
        idsOf(idColumn(target), ids),
      ]),
  };
}

function cellsOf({ columns }: Target, rows: readonly StoredRow[], own: readonly Cell[] = []): Cell[][] {
  return rows.map((row) => [...columns.map(({ name, type }) => cellOf(type, row[name])), ...own]);
}

function cellOf(type: StoredColumn['type'], value: StoredRow[string] | undefined): Cell {
  if (value === undefined || value === null) return null;
  return type === 'bytes' ? Buffer.from(String(value), 'base64') : value;
}

function keysOf({ key }: Target, rows: readonly StoredRow[]): readonly Cell[] | readonly Cell[][] {
  const [first = ''] = key;
  if (key.length === 1) return rows.map((row) => row[first] ?? null);
  return rows.map((row) => key.map((name) => row[name] ?? null));
}

/** A number is compared with numbers: with text, as a double and without an index. */
function idsOf({ type }: StoredColumn, ids: readonly string[]): readonly Cell[] {
  return type === 'int' ? ids.map(Number) : ids;
}

function othersOf(target: SetTarget, owners: readonly string[], keep: readonly string[]): Values {
  return [idsOf(target.owner, owners), ...(keep.length > 0 ? [idsOf(idColumn(target), keep)] : [])];
}

function idColumn({ table, columns }: Target): StoredColumn {
  const column = columns.find(({ name }) => name === 'id');
  if (!column) throw new Error(`${table} has no id`);
  return column;
}

function ownCells(stamp: Stamp | null): readonly Cell[] {
  return stamp ? [stamp.now, stamp.runId] : [];
}

function keyOf({ key }: Target, row: StoredRow): string {
  return JSON.stringify(key.map((name) => row[name]));
}
