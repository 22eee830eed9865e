import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createLogger } from '#observability';

import { Database } from '../../apps/loader/src/database.js';
import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { runScript } from '../support/own-client.js';
import { sqlFor } from '../support/portable-sql.js';
import { describeDialects, describeWith, type Dialect } from '../support/suites.js';
import { freshVhost } from '../support/vhosts.js';
import { runCli, startApp, type Settings } from './processes.js';

/** SQL Server takes its time to make tables. */
import.meta.jest.setTimeout(300_000);

const lastDay = '2026-11-20';
const range = ['run', '--start-dt', '2026-11-18', '--stop-dt', lastDay];

type Values = Record<string, unknown>;

/** A database and the CLI beside it. */
class Place {
  private constructor(
    readonly dialect: Dialect,
    readonly fresh: FreshDatabase,
    private readonly emulator: Emulator,
    private readonly folder: string,
  ) {}

  static async make(dialect: Dialect, emulator: Emulator): Promise<Place> {
    return new Place(dialect, await freshDatabase(dialect), emulator, mkdtempSync(path.join(tmpdir(), 'etl-schema-')));
  }

  get settings(): Settings {
    return { ...this.emulator.settings, DATABASE_URL: this.fresh.url };
  }

  cli(args: string[], more: Settings = {}) {
    return runCli(args, { ...this.settings, ...more }, this.folder);
  }

  /** Standard SQL, one statement after the other; gives the rows of the last. */
  async query(...statements: string[]): Promise<Values[]> {
    const database = await Database.open(this.fresh.settings, createLogger('test', 'silent'), []);
    try {
      return await database.transaction(async (tx) => {
        const last = statements.at(-1) ?? '';
        for (const statement of statements.slice(0, -1)) await tx.run(sqlFor(this.dialect, statement));
        return tx.query<Values>(sqlFor(this.dialect, last));
      });
    } finally {
      await database.close();
    }
  }

  async drop(): Promise<void> {
    await this.fresh.drop();
    rmSync(this.folder, { recursive: true });
  }
}

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ seed: 31, sessions: 300, days: 3, lastDay });
});
afterAll(async () => {
  await emulator.close();
});

describeDialects('the schema of a database that only a DBA may change', (dialect) => {
  let place: Place;
  beforeEach(async () => {
    place = await Place.make(dialect, emulator);
  });
  afterEach(() => place.drop());

  it('is asked for by the loader, printed by `schema plan`, applied by hand, and then does', async () => {
    const refused = await place.cli(range, { SCHEMA_MODE: 'validate' });
    expect(refused.stderr).toMatch(
      / lacks\n +table scorecards\n[^]*\n +view v_tags\n[^]*\n +et-etl schema plan prints/,
    );
    expect(refused.code).toBe(1);

    const planned = await place.cli(['schema', 'plan']);
    expect(planned.stderr).toMatch(/^\d+ differences: et-etl schema apply does/m);
    expect(planned.code).toBe(2);
    await runScript(place.fresh, planned.stdout);
    await runScript(place.fresh, planned.stdout);

    expect(await place.cli(['schema', 'plan'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^-- Nothing is missing in /) as string,
    });
    expect(await place.cli(range, { SCHEMA_MODE: 'validate' })).toMatchObject({ code: 0 });
  });

  it('is made by `schema apply`, which says what it did', async () => {
    const applied = await place.cli(['schema', 'apply']);
    expect(applied).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Changed in .*:\n {2}table scorecards\n/) as string,
    });
    const again = await place.cli(['schema', 'apply']);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing is missing in /) as string });
  });

  it('is printed whole for another database', async () => {
    const whole = await place.cli(['schema', 'plan', '--dialect', dialect], { DATABASE_URL: '' });
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    await runScript(place.fresh, whole.stdout);
    expect(await place.cli(['schema', 'plan'])).toMatchObject({ code: 0 });
  });
});

describeWith(['rabbitmq', 'postgresql'], 'a loader with SCHEMA_MODE=validate', () => {
  it('ends with 1 and says what is missing', async () => {
    const [fresh, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    const settings = { DATABASE_URL: fresh.url, AMQP_URL: vhost.url, SCHEMA_MODE: 'validate' };
    const ended = await startApp('loader', [], settings).ended;
    expect(ended.stdout + ended.stderr).toMatch(/the database lacks table scorecards, .*: et-etl schema plan prints/);
    expect(ended.code).toBe(1);
    await Promise.all([fresh.drop(), vhost.drop()]);
  });
});

describeDialects('the views of a loaded database', (dialect) => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.make(dialect, emulator);
    expect(await place.cli(range)).toMatchObject({ code: 0 });
  });
  afterAll(() => place.drop());

  const count = async (from: string): Promise<number> =>
    Number((await place.query(`select count(*) as "n" from ${from}`))[0]?.['n']);
  const names = async (table: string, name = 'name') =>
    new Map(
      (await place.query(`select "id", "${name}" as "name" from "${table}"`)).map((row) => [row['id'], row['name']]),
    );

  it.each([
    ['v_sessions', 'sessions'],
    ['v_scores', 'sessions_scores'],
    ['v_tags', 'sessions_tags'],
  ])('%s has a row for each of %s', async (view, table) => {
    expect(await count(`"${table}"`)).toBeGreaterThan(100);
    expect(await count(`"${view}"`)).toBe(await count(`"${table}"`));
  });

  it('name what ids stand for', async () => {
    const [agents, groups, users, tags, points] = [
      await names('agents'),
      await names('groups'),
      await names('users', 'full_name'),
      await names('tags'),
      await names('scorecard_points'),
    ];
    for (const row of await place.query('select * from "v_tags"')) {
      expect(row).toMatchObject({
        agent_name: agents.get(row['agent_id']) ?? null,
        tag_name: tags.get(row['tag_id']) ?? null,
      });
    }
    const scores = await place.query('select * from "v_scores"');
    for (const row of scores) {
      expect(row).toMatchObject({
        group_name: groups.get(row['group_id']) ?? null,
        point_name: points.get(row['scorecard_point_id']) ?? null,
        reviewer_name: users.get(row['reviewer_id']) ?? null,
      });
    }
    const [scored] = scores.filter((row) => Number(row['max_score']) > 0 && Number(row['score']) > 0);
    expect(Number(scored?.['score_percent'])).toBeCloseTo(
      (100 * Number(scored?.['score'])) / Number(scored?.['max_score']),
      3,
    );
  });

  it('link to the conversation in ET', async () => {
    const [row] = await place.query('select "id", "link" from "v_sessions" order by "id"');
    expect(row?.['link']).toBe(`${emulator.url}/sessions/${String(row?.['id']).toLowerCase()}`);
  });

  it('show one user an agent, and not more rows for it', async () => {
    const before = await count('"v_sessions"');
    const [row] = await place.query('select "agent_id" from "v_sessions" where "agent_name" is not null order by "id"');
    const agent = Number(row?.['agent_id']);
    const found = await place.query(
      `insert into "users" ("id", "full_name", "agent_id") values (900001, 'older', ${agent})`,
      `insert into "users" ("id", "full_name", "agent_id") values (900002, 'newer', ${agent})`,
      `select distinct "user_full_name" from "v_sessions" where "agent_id" = ${agent}`,
    );
    expect(found).toEqual([{ user_full_name: 'newer' }]);
    expect(await count('"v_sessions"')).toBe(before);
  });

  it('leave out what ET has deleted, and all that hangs on it', async () => {
    const marked = `(select "id" from "sessions" where "_etl_deleted_at" is not null)`;
    await place.query(
      `update "sessions" set "_etl_deleted_at" = '2026-11-21 00:00:00' where "start_dt" < '2026-11-19 12:00:00'`,
      'select 1',
    );
    expect(await count('"v_sessions"')).toBe(await count(`"sessions" where "id" not in ${marked}`));
    expect(await count('"v_scores"')).toBe(await count(`"sessions_scores" where "session_id" not in ${marked}`));
    expect(await count('"v_tags"')).toBe(await count(`"sessions_tags" where "session_id" not in ${marked}`));
    expect(await count('"v_sessions"')).toBeLessThan(await count('"sessions"'));
    expect(await count('"v_scores"')).toBeGreaterThan(0);
  });
});
