import type { RowWriter, SetTarget, Stamp, StoredRow, Target } from '../../merge/row-writer.js';
import type { Catalog } from '../../schema/catalog.js';
import type { Param } from '../../transaction.js';
import { BulkRows } from './driver.js';
import { fittedSet, fittedTarget, type FittedTarget } from './fitted.js';
import { quote } from './quote.js';
import * as staging from './staging.js';
import * as statements from './statements.js';
import { sentRow } from './values.js';

/** Runs a statement; rows in bulk are a parameter. */
export type Execute = <R extends object>(sql: string, params?: readonly (Param | BulkRows)[]) => Promise<R[]>;

/**
 * Rows travel by the driver's bulk load into a temporary table of the target's own types, so that the database itself
 * converts and compares. One script then does the rest.
 */
export function mssqlWriter(execute: Execute, schema: string, catalog: Catalog): RowWriter {
  const fit = (target: Target) => fittedTarget(schema, target, catalog);
  const fitSet = (target: SetTarget) => fittedSet(schema, target, catalog);
  const stampOf = (stamp: Stamp | null): Param[] => (stamp ? [stamp.now, stamp.runId] : []);

  const send = async (target: FittedTarget, rows: readonly StoredRow[]): Promise<void> => {
    await execute(staging.stage(target));
    if (rows.length === 0) return;
    const columns = target.columns.map(({ name, sent }) => ({ name, type: sent }));
    const bulk = new BulkRows(
      staging.sentTo(target),
      [{ name: staging.PLACE, type: 'int' }, ...columns],
      rows.map((row, place) => sentRow(target, row, place)),
    );
    await execute('rows in bulk', [bulk]);
  };
  const count = async (sql: string, params: readonly Param[]): Promise<number> => {
    const [counted] = await execute<{ written: number }>(sql, params);
    return counted?.written ?? 0;
  };
  const counted = (statement: string) => `${statement};\nselect @@rowcount as [written]`;

  return {
    async serialise(name) {
      await execute(statements.serialise, [name]);
    },
    async insertMissing(target, rows) {
      const fitted = fit(target);
      const keys = JSON.stringify(rows.map((row) => target.key.map((name) => row[name])));
      const [found] = await execute<{ standing: number }>(statements.standing(fitted), [keys]);
      if (found?.standing === rows.length) return [];
      await send(fitted, rows);
      return execute<StoredRow>(statements.insertMissing(fitted));
    },
    async claim(target, rows) {
      const fitted = fit(target);
      await send(fitted, rows);
      return numbersIn(target, await execute<StoredRow>(statements.claim(fitted)));
    },
    async upsert(target, rows, stamp) {
      const fitted = fit(target);
      await send(fitted, rows);
      return count(statements.upsert(fitted, stamp !== null), stampOf(stamp));
    },
    async keepLeast(target, column, rows) {
      const fitted = fit(target);
      await send(fitted, rows);
      return count(statements.keepLeast(fitted, column), []);
    },
    async replaceSets(target, owners, rows, stamp) {
      const fitted = fitSet(target);
      await send(fitted, rows);
      return count(statements.replaceSets(fitted), [...stampOf(stamp), JSON.stringify(owners)]);
    },
    deleteSets: (target, owners) => count(counted(statements.deleteSets(fitSet(target))), [JSON.stringify(owners)]),
    blank: (target, owners, columns, stamp) =>
      count(counted(statements.blank(fitSet(target), columns)), [...stampOf(stamp), JSON.stringify(owners)]),
    deleteOthers: (target, owners, keep) =>
      count(counted(statements.deleteOthers(fitSet(target))), [JSON.stringify(owners), JSON.stringify(keep)]),
    markOthers: (target, owners, keep, stamp) =>
      count(counted(statements.markOthers(fitSet(target))), [
        ...stampOf(stamp),
        JSON.stringify(owners),
        JSON.stringify(keep),
      ]),
    async owners(target, entity, ids) {
      const versions = `${quote(schema)}.${quote('etl_versions')}`;
      const rows = await execute<{ id: string; owner: string; version: string | null }>(
        statements.owners(fitSet(target), versions),
        [entity, JSON.stringify(ids)],
      );
      return rows.map(({ id, owner, version }) => ({ id, owner, version: Number(version ?? 0) }));
    },
    mark: (target, ids, deleted, stamp) =>
      count(counted(statements.mark(fit(target), deleted)), [...stampOf(stamp), JSON.stringify(ids)]),
  };
}

/** The driver gives `bigint` as text. */
function numbersIn({ columns }: Target, rows: readonly StoredRow[]): StoredRow[] {
  const big = columns.filter(({ type }) => type === 'bigint').map(({ name }) => name);
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(big.map((name) => [name, row[name] === null ? null : Number(row[name])])),
  }));
}
