import type { RowWriter, StoredRow, Target } from '../../merge/row-writer.js';
import type { Catalog } from '../../schema/catalog.js';
import { idColumn, idsOf, keyOf, keysOf, othersOf, ownCells, type Values } from './cells.js';
import { fittedSet, fittedTarget, staysDistinct } from './fitted.js';
import { insertsOver, type Calls } from './inserts.js';
import * as statements from './statements.js';

/**
 * Rows none of which is there go straight into their table. Others are put into a temporary table of the same types
 * first, so that the server compares like with like, and refuses what does not fit instead of bending it.
 */
export function mariadbWriter(calls: Calls, catalog: Catalog, maxPacket: number): RowWriter {
  const { query, run } = calls;
  const { insertAll, addMissing, staged } = insertsOver(calls, maxPacket);
  const runIfAny = (sql: string | undefined, values?: Values) => (sql === undefined ? 0 : run(sql, values));
  const isAny = async (target: Target, rows: readonly StoredRow[]) =>
    (await query(statements.anyOf(target), [keysOf(target, rows)])).length > 0;

  return {
    /** A row's lock ends with the transaction; `get_lock` would outlive it. */
    async serialise(name) {
      const columns = [{ name: 'name', type: 'key' as const }];
      await addMissing({ table: 'etl_state', key: ['name'], columns }, [{ name }]);
    },
    /** A row that another loader added in the same moment may be told as added: whoever asks bears that. */
    async insertMissing(target, rows) {
      return rows.length === 0 ? [] : [...(await addMissing(target, rows)).added];
    },
    async claim(target, rows) {
      const { known, added, sure } = await addMissing(target, rows);
      const others = sure ? known : rows;
      if (others.length === 0) return [];
      const stored = await query<StoredRow>(statements.lock(target), [keysOf(target, others)]);
      if (sure) return stored;
      // Rows added now are as they were given. One of another loader's that is the same may pass for one of ours: what
      // it stands for is compared once more.
      const given = new Map(added.map((row) => [keyOf(target, row), row]));
      return stored.filter((row) => !isSame(target, row, given.get(keyOf(target, row))));
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
      const set = fittedSet(target, catalog);
      const ids = idsOf(target.owner, owners);
      if (rows.length === 0) return run(statements.deleteSets(set), [ids]);
      const areNew = (await query(statements.anyInSets(set), [ids])).length === 0;
      if (areNew && staysDistinct(set, rows)) return insertAll(target, rows, stamp);
      return staged(set, rows, async () => {
        const gone = await run(statements.deleteGone(set), [ids]);
        const repeated = set.repeats ? await run(statements.deleteRepeated(set), [ids]) : 0;
        const changed = await runIfAny(statements.updateChanged(set, true), ownCells(stamp));
        return gone + repeated + changed + (await run(statements.insertOthers(set, true), ownCells(stamp)));
      });
    },
    deleteSets: (target, owners) =>
      run(statements.deleteSets(fittedSet(target, catalog)), [idsOf(target.owner, owners)]),
    blank: (target, owners, columns, stamp) =>
      run(statements.blank(fittedSet(target, catalog), columns), [...ownCells(stamp), idsOf(target.owner, owners)]),
    deleteOthers: (target, owners, keep) =>
      run(statements.deleteOthers(target, keep.length > 0), othersOf(target, owners, keep)),
    markOthers: (target, owners, keep, stamp) =>
      run(statements.markOthers(target, keep.length > 0), [stamp.now, ...ownCells(stamp), ...othersOf(target, owners, keep)]), // prettier-ignore
    async owners(target, entity, ids) {
      const rows = await query<{ id: string; owner: string; version: string | number | null }>(
        statements.owners(target),
        [entity, idsOf(idColumn(target), ids)],
      );
      return rows.map(({ id, owner, version }) => ({ id, owner, version: Number(version ?? 0) }));
    },
    mark: (target, ids, deleted, stamp) =>
      run(statements.mark(target, deleted), [...(deleted ? [stamp.now] : []), ...ownCells(stamp), idsOf(idColumn(target), ids)]), // prettier-ignore
  };
}

function isSame({ columns }: Target, stored: StoredRow, given: StoredRow | undefined): boolean {
  return given !== undefined && columns.every(({ name }) => String(stored[name]) === String(given[name]));
}
