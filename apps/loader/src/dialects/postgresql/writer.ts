import type { RowWriter, SetTarget, Stamp, StoredRow, Target } from '../../merge/row-writer.js';
import type { Catalog } from '../../schema/catalog.js';
import type { Param, Transaction } from '../../transaction.js';
import { fittedSet, fittedTarget } from './fitted.js';
import * as statements from './statements.js';

/** One statement a call, all rows in one JSON parameter. */
export function postgresWriter({ query, run }: Pick<Transaction, 'query' | 'run'>, catalog: Catalog): RowWriter {
  const fit = (target: Target) => fittedTarget(target, catalog);
  const fitSet = (target: SetTarget) => fittedSet(target, catalog);
  const stampOf = (stamp: Stamp): Param[] => [stamp.now, stamp.runId];
  return {
    async serialise(name) {
      await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    },
    insertMissing: (target, rows) => query(statements.insertMissing(fit(target)), [JSON.stringify(rows)]),
    async claim(target, rows) {
      const added = await query<StoredRow>(statements.insertMissing(fit(target)), [JSON.stringify(rows)]);
      const isNew = new Set(added.map((row) => keyOf(target, row)));
      const known = rows.filter((row) => !isNew.has(keyOf(target, row)));
      return known.length === 0 ? [] : query<StoredRow>(statements.lock(fit(target)), [JSON.stringify(known)]);
    },
    upsert: (target, rows, stamp) =>
      run(statements.upsert(fit(target), stamp !== null), [JSON.stringify(rows), ...(stamp ? stampOf(stamp) : [])]),
    keepLeast: (target, column, rows) => run(statements.keepLeast(fit(target), column), [JSON.stringify(rows)]),
    async replaceSets(target, owners, rows, stamp) {
      const params = [JSON.stringify(rows), ...stampOf(stamp), JSON.stringify(owners)];
      const [counted] = await query<{ written: string }>(statements.replaceSets(fitSet(target)), params);
      return Number(counted?.written ?? 0);
    },
    deleteSets: (target, owners) => run(statements.deleteSets(fitSet(target)), [JSON.stringify(owners)]),
    blank: (target, owners, columns, stamp) =>
      run(statements.blank(fitSet(target), columns), [JSON.stringify(owners), ...stampOf(stamp)]),
    deleteOthers: (target, owners, keep) =>
      run(statements.deleteOthers(fitSet(target)), [JSON.stringify(owners), JSON.stringify(keep)]),
    markOthers: (target, owners, keep, stamp) =>
      run(statements.markOthers(fitSet(target)), [JSON.stringify(owners), ...stampOf(stamp), JSON.stringify(keep)]),
    async owners(target, entity, ids) {
      const rows = await query<{ id: string; owner: string; version: string | null }>(
        statements.owners(fitSet(target)),
        [JSON.stringify(ids), entity],
      );
      return rows.map(({ id, owner, version }) => ({ id, owner, version: Number(version ?? 0) }));
    },
    mark: (target, ids, deleted, stamp) =>
      run(statements.mark(fit(target), deleted), [JSON.stringify(ids), ...stampOf(stamp)]),
  };
}

function keyOf({ key }: Target, row: StoredRow): string {
  return JSON.stringify(key.map((name) => row[name]));
}
