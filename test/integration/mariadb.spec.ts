import fc from 'fast-check';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';

import { TransientError } from '#messaging';

import { Database } from '../../apps/loader/src/database.js';
import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeWith } from '../support/suites.js';
import { logger, NOW, one, tags, Warehouse } from './warehouse-harness.js';

import.meta.jest.setTimeout(60_000);

describeWith('mariadb', 'a MariaDB server', () => {
  const warehouse = Warehouse.forEachTest('mariadb');
  let administrator: Connection;
  beforeEach(async () => {
    administrator = await createConnection(warehouse.fresh.url);
  });
  afterEach(async () => {
    await administrator.end();
  });
  const statuses = (rows: string[]) => [
    answeredOf(one, [
      sessionDocument(one, 'session', rows.length, {
        sessions_crm_statuses: rows.map((crm_status) => ({ crm_status })),
      }),
    ]),
  ];
  const stored = async () => (await warehouse.rows('sessions_crm_statuses')).map(({ crm_status }) => crm_status);
  const leaveCaseOut = () =>
    administrator.query('alter table sessions_crm_statuses modify crm_status varchar(20) collate utf8mb4_general_ci');
  const learnAgain = () => warehouse.database.ensureSchema();

  it('holds keys as equal as their collation does: the last one is kept, as it is spelt', async () => {
    await leaveCaseOut();
    await learnAgain();
    await warehouse.mergeOne(statuses(['Paid', 'open', 'paid']));
    expect((await stored()).sort()).toEqual(['open', 'paid']);
    const documents = [sessionDocument(one, 'session', 9, { sessions_crm_statuses: [{ crm_status: 'PAID' }] })];
    await warehouse.mergeOne([answeredOf(one, documents)]);
    expect(await stored()).toEqual(['PAID']);
  });

  it('sees that a text changed in case or in blanks at its end alone', async () => {
    await administrator.query('alter table sessions modify queue_name varchar(20) collate utf8mb4_general_ci');
    await learnAgain();
    for (const [version, queue_name] of ['support', 'Support', 'Support '].entries()) {
      await warehouse.mergeOne([
        answeredOf(one, [sessionDocument(one, 'session', version, { sessions: [{ queue_name }] })]),
      ]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ queue_name }]);
    }
  });

  it('keeps numbers to the last bit', async () => {
    const numbers = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e21, max: 1e21 }), {
      numRuns: 500,
      seed: 1,
    });
    const given = [...numbers, 92816736198.89905, 950154.8112914575].map((number, index) => ({
      id: uuidOf(index),
      duration: number + 0,
    }));
    await warehouse.mergeOne(
      given.map((cells) => answeredOf(cells.id, [sessionDocument(cells.id, 'session', 1, { sessions: [cells] })])),
    );
    const kept = (await warehouse.rows('sessions')).map(({ id, duration }): [unknown, unknown] => [id, duration]);
    expect(new Map(kept)).toEqual(new Map(given.map(({ id, duration }) => [id, duration])));
  });

  it('refuses what an adopted column cannot hold, however long', async () => {
    await administrator.query('alter table sessions modify filename text');
    await learnAgain();
    const session = (version: number, filename: string) => [
      answeredOf(one, [sessionDocument(one, 'session', version, { sessions: [{ filename }] })]),
    ];
    await warehouse.mergeOne(session(1, 'short'));
    // The length modulo 65,536 is 1: what is cut off in silence.
    const { rejected } = await warehouse.mergeOne(session(2, 'x'.repeat(65_537)));
    expect(rejected).toEqual([
      { entry: `session ${one}`, reason: expect.stringContaining('(1406, filename)') as string },
    ]);
    expect(await warehouse.rows('sessions')).toMatchObject([{ filename: 'short' }]);
  });

  it('sets a session aside that is longer than the longest statement, and loads the others', async () => {
    const [[found]] = await administrator.query<RowDataPacket[]>('select @@max_allowed_packet as packet');
    const filename = 'ї'.repeat(Number(found?.['packet']) / 2);
    const sessions = [1, 2, 3].map((number) => {
      const cells = { filename: number === 2 ? filename : 'short' };
      return answeredOf(uuidOf(number), [sessionDocument(uuidOf(number), 'session', 1, { sessions: [cells] })]);
    });
    const { rejected } = await warehouse.mergeOne(sessions);
    expect(rejected).toEqual([
      { entry: `session ${uuidOf(2)}`, reason: expect.stringContaining('max_allowed_packet') as string },
    ]);
    expect(await warehouse.rows('sessions')).toHaveLength(2);
  });

  it('leaves nothing behind on a connection whose statement failed', async () => {
    const bad = answeredOf(one, [sessionDocument(one, 'session', 2, { sessions: [{ waiting_time: 'words' }] })]);
    await warehouse.mergeOne([tags(1, [{ tag_id: 1 }])]);
    expect((await warehouse.mergeOne([bad])).rejected).toHaveLength(1);
    await warehouse.mergeOne([tags(3, [{ tag_id: 2 }])]);
    expect(await warehouse.rows('sessions_tags')).toMatchObject([{ tag_id: 2 }]);
    await expect(warehouse.query('select 1 from etl_stage')).rejects.toThrow('a table or column is missing');
  });

  it('lets loaders take turns on sessions that some of them load for the first time', async () => {
    const keys = Array.from({ length: 60 }, (_, index) => uuidOf(index));
    const others = await Promise.all([1, 2, 3].map(() => Database.open(warehouse.fresh.settings, logger, [])));
    await Promise.all(
      [warehouse.database, ...others].flatMap((database, loader) =>
        [0, 10, 20, 30].map((from) => {
          const version = from + loader + 1;
          const answered = keys.slice(from, from + 30).map((key) => tags(version, [{ tag_id: version }], key));
          return mergeBatches(database, [batchOf(answered)], NOW);
        }),
      ),
    );
    await Promise.all(others.map((other) => other.close()));
    const newest = keys.map((_, index) => 10 * Math.min(3, Math.floor(index / 10)) + 4);
    const found = await warehouse.rows('sessions_tags');
    const tagOf = new Map(found.map(({ session_id, tag_id }) => [session_id, tag_id]));
    expect(found).toHaveLength(60);
    expect(keys.map((key) => tagOf.get(key))).toEqual(newest);
  });

  it('says which right is lacking', async () => {
    const { settings } = warehouse.fresh;
    if (settings.dialect !== 'mariadb') throw new Error('not MariaDB');
    const user = `u_${settings.database}`;
    await administrator.query(`create user ${user} identified by 'secret'`);
    await administrator.query(`grant select, insert, update, delete on ${settings.database}.* to ${user}`);
    const limited = await Database.open({ ...settings, user, password: 'secret' }, logger, []);
    await limited.learnCatalog();
    await mergeBatches(limited, [batchOf([tags(1, [{ tag_id: 1 }])])], NOW);
    const merging = mergeBatches(limited, [batchOf([tags(2, [{ tag_id: 2 }])])], NOW);
    await expect(merging).rejects.toBeInstanceOf(TransientError);
    await expect(merging).rejects.toMatchObject({
      cause: { code: 'permission', message: expect.stringContaining('CREATE TEMPORARY TABLES') as string },
    });
    await limited.close();
    await administrator.query(`drop user ${user}`);
  });
});
