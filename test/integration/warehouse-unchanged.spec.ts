import { tables, type Answered, type RowBatch } from '#contracts';

import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import type { Transaction } from '../../apps/loader/src/transaction.js';
import { mssqlServer, runOnMssql } from '../support/mssql-server.js';
import { runScript } from '../support/own-client.js';
import { answeredOf, batchOf, itemDocument } from '../support/row-batches.js';
import { describeDialects, reasonToSkip, SKIPPED, type Dialect } from '../support/suites.js';
import { LATER, NOW, Warehouse } from './warehouse-harness.js';
import { answerOf } from './warehouse-model.js';
import { watched } from './warehouse-steps.js';

/** Read by the loader's own transaction: what moves when, and only when, a row of a warehouse table is written. */
type Counter = (tx: Transaction) => Promise<string>;

const names = tables.map(({ name }) => name);
const list = names.map((name) => `'${name}'`).join(', ');
const counting =
  (sql: string): Counter =>
  async (tx) =>
    JSON.stringify(await tx.query(sql));

const counters: Record<Dialect, { readonly counter: Counter; readonly prepare: readonly string[] }> = {
  // SQLite's `total_changes` knows no tables; triggers fire for rows that are written as they were, too.
  sqlite: {
    prepare: [
      'create temp table writes (n integer)',
      ...names.flatMap((name) =>
        ['insert', 'update', 'delete'].map(
          (what) =>
            `create temp trigger ${name}_${what} after ${what} on main."${name}" begin insert into writes values (1); end`,
        ),
      ),
    ],
    counter: counting('select count(*) as writes from temp.writes'),
  },
  postgresql: {
    prepare: [],
    counter: counting(
      `select sum(n_tup_ins + n_tup_upd + n_tup_del) as writes from pg_stat_xact_user_tables where relname in (${list})`,
    ),
  },
  mariadb: {
    prepare: ['set global userstat = 1'],
    counter: counting(
      `select sum(rows_changed) as writes from information_schema.table_statistics where table_schema = database() and table_name in (${list})`,
    ),
  },
  // Each write of a row gives it a new one.
  mssql: {
    prepare: names.map((name) => `alter table "${name}" add row_version rowversion`),
    counter: counting(
      `${names.map((name) => `select '${name}' as name, cast(id as nvarchar(64)) as id, cast(row_version as bigint) as version from "${name}"`).join(' union all ')} order by 1, 2`,
    ),
  },
};

/** Some endpoints that speak SQL Server's protocol have nothing that counts. */
const uncounted = reasonToSkip('mssql')
  ? undefined
  : await runOnMssql(mssqlServer().settings, 'create table #counted (row_version rowversion)').then(
      () => undefined,
      () => 'the endpoint has no rowversion',
    );

describeDialects('data that has not changed', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);
  const { counter, prepare } = counters[dialect];
  const missing = dialect === 'mssql' ? uncounted : undefined;
  const test = missing ? it.skip : it;
  beforeAll(async () => {
    if (missing) return;
    if (dialect === 'mariadb') await runScript(warehouse.fresh, prepare.join(';'));
    else await warehouse.run(...prepare);
  });

  test(`writes no row of a warehouse table when it is loaded again${missing ? SKIPPED + missing : ''}`, async () => {
    expect(await writes(batches(1, 1), NOW)).toBe(true);
    expect(await writes(batches(2, 1), LATER)).toBe(false);
    // Another order of the same rows makes another answer, but no other rows.
    expect(await writes([batchOf([reversed(session(3, 1, 7))])], LATER)).toBe(false);
    // What is added, what is changed, and what is gone is counted, each by itself.
    expect(await writes([batchOf([session(3, 1, 300)])], LATER)).toBe(true);
    expect(await writes([batchOf([changed(4, 'other')])], LATER)).toBe(true);
    expect(await writes([batchOf([changed(5, 'other')])], LATER)).toBe(false);
    expect(await writes([scorecards(3, 1, 2)], LATER)).toBe(true);
    expect(await writes([scorecards(4, 1, 2)], LATER)).toBe(false);
  });

  /** Whether the database counts rows of the warehouse as written by this merge. */
  async function writes(given: RowBatch[], now: Date): Promise<boolean> {
    let before: string | undefined;
    let after = '';
    const counted = watched(warehouse.database, async (call, tx) => {
      before ??= await counter(tx);
      if (call === 'commit') after = await counter(tx);
    });
    const { accepted } = await mergeBatches(counted, given, now);
    expect(accepted).toBeGreaterThan(0);
    return before !== after;
  }
});

function batches(version: number, content: number): RowBatch[] {
  const sessions = Array.from({ length: 100 }, (_, key) => session(version, content, key));
  return [batchOf(sessions.slice(0, 50)), batchOf(sessions.slice(50)), scorecards(version, content, 3)];
}

function session(version: number, content: number, key: number): Answered {
  const answered = answerOf({ key, version: 1, content, documents: 7 });
  return { ...answered, documents: answered.documents.map((document) => ({ ...document, version })) };
}

function reversed(answered: Answered): Answered {
  for (const { rows } of answered.documents) for (const set of Object.values(rows)) set.reverse();
  return answered;
}

/** One text of one summary. */
function changed(version: number, text: string): Answered {
  const answered = session(version, 1, 0);
  for (const { rows } of answered.documents) for (const row of rows['sessions_summaries'] ?? []) row['text'] = text;
  return answered;
}

function scorecards(version: number, content: number, points: number): RowBatch {
  const item = itemDocument('scorecards', version, {
    scorecards: [{ id: 1, name: `card ${content}` }],
    scorecard_categories: [{ id: 1, scorecard_id: 1 }],
    scorecard_points: Array.from({ length: points }, (_, id) => ({ id, scorecard_id: 1, category_id: 1 })),
  });
  return batchOf([answeredOf('1', [item])], { entity: 'scorecards' });
}
