import type { Stamp, StoredRow, Target } from '../../merge/row-writer.js';
import { cellsOf, keysOf, ownCells, type Cell, type Values } from './cells.js';
import type { FittedTarget } from './fitted.js';
import { cutRows } from './packets.js';
import * as statements from './statements.js';

/** The SQL calls of one transaction, with lists as parameters. */
export interface Calls {
  query<R extends object>(sql: string, values?: Values): Promise<R[]>;
  /** Rows changed. */
  run(sql: string, values?: Values): Promise<number>;
}

/** The ways in which rows get to the server, in statements that it takes. */
export interface Inserts {
  insertAll(target: Target, rows: readonly StoredRow[], stamp: Stamp | null): Promise<number>;
  /** Inserts what is missing and, where it does, locks all others in the same go; gives the keys of the others. */
  addMissing(target: Target, rows: readonly StoredRow[]): Promise<StoredRow[]>;
  /** Does its work while the rows stand in a temporary table of the target's types. */
  staged<T>(target: FittedTarget, rows: readonly StoredRow[], work: () => Promise<T>): Promise<T>;
}

export function insertsOver({ query, run }: Calls, maxPacket: number): Inserts {
  const runEach = async (sql: string, rows: readonly Cell[][]): Promise<number> => {
    let changed = 0;
    for (const part of cutRows(rows, maxPacket)) changed += await run(sql, [part]);
    return changed;
  };
  return {
    insertAll: (target, rows, stamp) =>
      runEach(statements.insert(target, stamp !== null), cellsOf(target, rows, ownCells(stamp))),
    async addMissing(target, rows) {
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
    },
    async staged(target, rows, work) {
      await run(statements.createStage(target));
      try {
        await runEach(statements.fillStage(target), cellsOf(target, rows));
        return await work();
      } finally {
        // Where the connection is lost the table is gone with it, and that error is the one to tell.
        await run(statements.dropStage).catch(() => undefined);
      }
    },
  };
}
