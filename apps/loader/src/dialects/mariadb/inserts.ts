import type { Stamp, StoredRow, Target } from '../../merge/row-writer.js';
import { cellsOf, keyOf, keysOf, ownCells, type Cell, type Values } from './cells.js';
import type { FittedTarget } from './fitted.js';
import { cutRows } from './packets.js';
import * as statements from './statements.js';

/** The SQL calls of one transaction, with lists as parameters. */
export interface Calls {
  query<R extends object>(sql: string, values?: Values): Promise<R[]>;
  /** Rows changed. */
  run(sql: string, values?: Values): Promise<number>;
}

/** Rows by whether they were there. */
export interface Added {
  readonly known: readonly StoredRow[];
  readonly added: readonly StoredRow[];
  /** False where another loader added some of `added` in the same moment: how many is known, but not which. */
  readonly sure: boolean;
}

/** The ways in which rows get to the server, in statements that it takes. */
export interface Inserts {
  insertAll(target: Target, rows: readonly StoredRow[], stamp: Stamp | null): Promise<number>;
  /** Inserts what is missing and, where it does, locks all others in the same go. */
  addMissing(target: Target, rows: readonly StoredRow[]): Promise<Added>;
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
      const isAlone = rows.length === 1;
      const found = isAlone ? [] : await query<StoredRow>(statements.storedKeys(target), [keysOf(target, rows)]);
      const standing = new Set(found.map((row) => keyOf(target, row)));
      const known = rows.filter((row) => standing.has(keyOf(target, row)));
      const missing = rows.filter((row) => !standing.has(keyOf(target, row)));
      if (missing.length === 0) return { known, added: [], sure: true };
      const count = await runEach(statements.insertMissing(target), cells);
      if (isAlone && count === 0) return { known: rows, added: [], sure: true };
      return { known, added: missing, sure: count === missing.length };
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
