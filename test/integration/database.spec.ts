import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { DatabaseSettings } from '#config';
import { TransientError } from '#messaging';

import { Database } from '../../apps/loader/src/database.js';
import { DataFault } from '../../apps/loader/src/dialects/faults.js';
import { Runs } from '../../apps/loader/src/ledger/rows.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeDialects, describeServed, describeWith, type Dialect } from '../support/suites.js';
import { logger } from './warehouse-harness.js';

describeDialects('a database', (dialect) => {
  const opened = openedForEachTest(dialect);
  const state = () => opened.database().transaction((tx) => tx.query(`select name from etl_state where name = 'lost'`));

  it('needs nothing the second time', async () => {
    expect(await opened.database().ensureSchema()).toEqual([]);
  });

  it('gains missing columns and keeps those of others', async () => {
    await opened.database().transaction((tx) => tx.run('alter table agents drop column phone_number'));
    await opened.database().transaction((tx) => tx.run('alter table agents add of_the_customer integer'));
    expect(await opened.database().ensureSchema()).toEqual([
      expect.stringMatching(/alter table .*agents. add .*phone_number/),
    ]);
    await opened.database().transaction((tx) => tx.query('select phone_number, of_the_customer from agents'));
  });

  it('rolls back and passes on what the work throws', async () => {
    const mistake = new Error('a mistake');
    const failing = opened.database().transaction(async (tx) => {
      await tx.run(`insert into etl_state (name) values ('lost')`);
      throw mistake;
    });
    await expect(failing).rejects.toBe(mistake);
    expect(await state()).toEqual([]);
  });

  it('tells data faults from missing tables', async () => {
    const insert = `insert into etl_state (name) values ('twice')`;
    await opened.database().transaction((tx) => tx.run(insert));
    await expect(opened.database().transaction((tx) => tx.run(insert))).rejects.toBeInstanceOf(DataFault);
    const missing = opened.database().transaction((tx) => tx.query('select * from of_the_customer'));
    await expect(missing).rejects.toBeInstanceOf(TransientError);
    await expect(missing).rejects.toThrow('a table or column is missing');
  });

  it('shares one transaction between entities and statements', async () => {
    const failing = opened.database().transaction(async (tx) => {
      await tx.em.insert(Runs, { run_id: 'r', state: 'open' });
      expect(await tx.query('select run_id from etl_runs')).toEqual([{ run_id: 'r' }]);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await opened.database().transaction((tx) => tx.em.count(Runs))).toBe(0);
  });

  it('may be closed twice', async () => {
    await opened.database().close();
  });
});

describe('a SQLite file', () => {
  const opened = openedForEachTest('sqlite');

  it('is refused to a second loader, and free once the first has ended', async () => {
    await expect(Database.open(opened.settings(), logger, [])).rejects.toThrow(/another process loads into .*sqlite/);
    await opened.database().close();
    const next = await Database.open(opened.settings(), logger, []);
    await next.close();
  });

  it('is free again after its loader was killed', async () => {
    const settings = opened.settings();
    if (settings.dialect !== 'sqlite') throw new Error('not SQLite');
    await opened.database().close();
    const script = `const held = new (require('better-sqlite3'))(process.argv[1]); held.exec('begin exclusive'); console.log('held'); setInterval(() => {}, 1e6)`;
    const holder = spawn(process.execPath, ['-e', script, `${settings.file}-loader`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await expect(Database.open(settings, logger, [])).rejects.toThrow('another process loads');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await Database.open(settings, logger, [])).close();
  });

  it('runs one transaction after the other', async () => {
    const steps: string[] = [];
    const work = (name: string) =>
      opened.database().transaction(async (tx) => {
        steps.push(`${name} begins`);
        await tx.run('insert into etl_state (name, value) values (?, ?)', [name, name]);
        await new Promise((resolve) => setImmediate(resolve));
        steps.push(`${name} ends`);
      });
    await Promise.all(['a', 'b', 'c'].map(work));
    expect(steps).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });
});

describeServed('a server', (dialect) => {
  const opened = openedForEachTest(dialect);

  it('repeats what ended in a deadlock', async () => {
    await opened.database().transaction((tx) => tx.run(`insert into etl_state values ('a', '0'), ('b', '0')`));
    let waiting = 2;
    const work = (names: string[]) =>
      opened.database().transaction(async (tx) => {
        const add = (name = '') =>
          tx.run(`update etl_state set value = case value when '0' then '1' else '2' end where name = '${name}'`);
        await add(names[0]);
        // Both hold their first row before either asks for its second; a repeated one goes straight on.
        waiting -= 1;
        while (waiting > 0) await sleep(1);
        await add(names[1]);
      });
    await Promise.all([work(['a', 'b']), work(['b', 'a'])]);
    expect(waiting).toBe(-1);
    const rows = await opened
      .database()
      .transaction((tx) => tx.query(`select value from etl_state where name in ('a', 'b')`));
    expect(rows).toEqual([{ value: '2' }, { value: '2' }]);
  });

  it('is brought up to date once, however many replicas start', async () => {
    const other = await freshDatabase(dialect);
    const replicas = await Promise.all([1, 2, 3].map(() => Database.open(other.settings, logger, [])));
    const applied = await Promise.all(replicas.map((replica) => replica.ensureSchema()));
    expect(applied.filter((statements) => statements.length > 0)).toHaveLength(1);
    await Promise.all(replicas.map((replica) => replica.close()));
    await other.drop();
  });

  it.each<[fault: string, change: object, told: RegExp]>([
    ['no server', { port: 1 }, /is the database running/],
    ['no such host', { host: 'no-such-host.invalid' }, /is the database running/],
    ['no such database', { database: 'missing' }, /does not exist; create it/],
    ['no such user', { user: 'nobody_of_that_name', password: 'none' }, /check user and password|does not exist/],
  ])('says what to do with %s', async (_fault, change, told) => {
    const opening = Database.open({ ...opened.settings(), ...change }, logger, []);
    await expect(opening).rejects.toMatchObject({ outside: true, message: expect.stringMatching(told) as string });
  });
});

describeWith('postgresql', 'a PostgreSQL server', () => {
  const opened = openedForEachTest('postgresql');

  it('keeps its tables in the schema it was given', async () => {
    await opened.database().transaction((tx) => tx.run('create schema "The Copy"'));
    const other = await Database.open({ ...opened.settings(), schema: 'The Copy' } as DatabaseSettings, logger, []);
    expect(await other.ensureSchema()).not.toEqual([]);
    const tables = await other.transaction((tx) =>
      tx.query(`select 1 from information_schema.tables where table_schema = 'The Copy' and table_name = 'sessions'`),
    );
    expect(tables).toHaveLength(1);
    await other.close();
  });

  it('says what to do with a server without TLS', async () => {
    const opening = Database.open({ ...opened.settings(), ssl: true } as DatabaseSettings, logger, []);
    await expect(opening).rejects.toMatchObject({
      outside: true,
      message: expect.stringMatching(/TLS could not be agreed/) as string,
    });
  });
});

/** A database with its tables, made for a suite and opened for each test. */
function openedForEachTest(dialect: Dialect) {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase(dialect);
    database = await Database.open(fresh.settings, logger, []);
    await database.ensureSchema();
    await database.close();
  });
  beforeEach(async () => {
    database = await Database.open(fresh.settings, logger, [Runs]);
  });
  afterEach(() => database.close());
  afterAll(() => fresh.drop());
  return { database: () => database, settings: () => fresh.settings };
}
