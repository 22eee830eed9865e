import { createHash } from 'node:crypto';

import { Database } from '../../../apps/loader/src/database.js';
import type { FreshDatabase } from '../../support/databases.js';
import { sqlFor } from '../../support/portable-sql.js';
import { storedRows } from '../../support/stored-rows.js';
import { sessionTables } from './told-rows.js';
import { logger } from './way.js';

/** What a database holds, table by table: the number of rows and a hash of them. */
export type Contents = ReadonlyMap<string, { readonly rows: number; readonly hash: string }>;

/** The loader's own tables that depend on what was loaded alone. */
const ledger = ['etl_versions', 'etl_keys'];

/** Own columns are left out: who loads without guards does not write them. */
export async function readContents({ settings }: FreshDatabase, withLedger: boolean): Promise<Contents> {
  const database = await Database.open(settings, logger, []);
  try {
    const contents = new Map<string, { rows: number; hash: string }>();
    for (const { name } of sessionTables) contents.set(name, summary(await storedRows(database, name)));
    for (const name of withLedger ? ledger : []) {
      const rows = await database.transaction((tx) =>
        tx.query<object>(sqlFor(database.dialect, `select * from "${name}"`)),
      );
      contents.set(name, summary(rows.map((row) => JSON.stringify(row)).sort()));
    }
    return contents;
  } finally {
    await database.close();
  }
}

/** Throws where one database holds other rows than the other, in tables that both were asked for. */
export function ensureEqual(one: Contents, other: Contents, title: string): void {
  for (const [table, { rows, hash }] of other) {
    const expected = one.get(table);
    if (expected?.hash === hash) continue;
    throw new Error(`${title} left other rows in ${table}: ${rows} instead of ${expected?.rows ?? 0}`);
  }
}

function summary(rows: readonly unknown[]): { rows: number; hash: string } {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(JSON.stringify(row));
  return { rows: rows.length, hash: hash.digest('hex') };
}
