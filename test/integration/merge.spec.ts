import { setTimeout as sleep } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';

import { Client } from 'pg';

import type { DatabaseSettings } from '#config';
import type { Answered, Row, RowBatch } from '#contracts';
import { createLogger } from '#observability';

import { Database } from '../../apps/loader/src/database.js';
import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { answeredOf, batchOf, DAY, itemDocument, sessionDocument, uuidOf } from '../support/row-batches.js';
import { storedRows } from '../support/stored-rows.js';
import { describeWith } from '../support/suites.js';

const logger = createLogger('test', 'silent');
const NOW = new Date('2026-03-02T00:00:00Z');
const LATER = new Date('2026-03-03T00:00:00Z');
const one = uuidOf(1);

describe('merging into SQLite', () => merging('sqlite'));
describeWith('postgresql', 'merging into PostgreSQL', () => merging('postgresql'));

function merging(dialect: DatabaseSettings['dialect']): void {
  let fresh: FreshDatabase;
  let database: Database;

  beforeEach(async () => {
    fresh = await freshDatabase(dialect);
    database = await Database.open(fresh.settings, logger, []);
    await database.ensureSchema();
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  const merge = (batches: RowBatch[], now = NOW) => mergeBatches(database, batches, now);
  const mergeOne = (answered: Answered[], now = NOW) => merge([batchOf(answered)], now);
  const query = <R extends object>(sql: string) => database.transaction((tx) => tx.query<R>(sql));
  const tags = (version: number, rows: Row[], key = one) =>
    answeredOf(key, [sessionDocument(key, 'session', version, { sessions_tags: rows })]);
  const ownColumns = (table: string) =>
    query<{ _etl_synced_at: string; _etl_run_id: string; _etl_deleted_at: string | null }>(`select * from ${table}`);

  describe('documents', () => {
    it('are inserted with their children, the time and the run', async () => {
      const documents = [
        sessionDocument(one, 'session', 1, {
          sessions: [{ type: 'call', duration: 61.5 }],
          sessions_tags: [{ tag_id: 7, transcript_id: 1 }],
        }),
        sessionDocument(one, 'scores', 1, { sessions_scores: [{ scorecard_id: 1, reviewer_id: 0, score: 3 }] }),
      ];
      const result = await mergeOne([answeredOf(one, documents)]);
      expect(result).toMatchObject({ written: { sessions: 1, sessions_tags: 1, sessions_scores: 1 }, rejected: [] });
      expect(await storedRows(database, 'sessions')).toMatchObject([{ id: one, type: 'call', duration: 61.5 }]);
      expect(await storedRows(database, 'sessions_scores')).toMatchObject([{ session_id: one, score: 3 }]);
      const [own] = await ownColumns('sessions_tags');
      expect(own).toMatchObject({ _etl_run_id: 'run-1' });
      expect(own?._etl_synced_at).toMatch(/^2026-03-02 00:00:00/);
    });

    it('that are newer replace older ones, and only they', async () => {
      await mergeOne([answeredOf(one, [sessionDocument(one, 'session', 2, { sessions: [{ type: 'new' }] })])]);
      await mergeOne([answeredOf(one, [sessionDocument(one, 'session', 1, { sessions: [{ type: 'old' }] })])]);
      expect(await storedRows(database, 'sessions')).toMatchObject([{ type: 'new' }]);
      await mergeOne([answeredOf(one, [sessionDocument(one, 'session', 3, { sessions: [{ type: 'newest' }] })])]);
      expect(await storedRows(database, 'sessions')).toMatchObject([{ type: 'newest' }]);
    });

    it('have versions of their own', async () => {
      const scores = (version: number, score: number) =>
        sessionDocument(one, 'scores', version, { sessions_scores: [{ scorecard_id: 1, reviewer_id: 0, score }] });
      await mergeOne([answeredOf(one, [sessionDocument(one, 'session', 5), scores(6, 1)])]);
      await mergeOne([answeredOf(one, [sessionDocument(one, 'session', 7), scores(5, 2)])]);
      expect(await storedRows(database, 'sessions_scores')).toMatchObject([{ score: 1 }]);
    });

    it('of one version end alike in either order', async () => {
      const answers = ['x', 'y'].map((type) =>
        answeredOf(one, [sessionDocument(one, 'session', 1, { sessions: [{ type }] })]),
      );
      for (const answered of answers) await mergeOne([answered]);
      const forwards = await storedRows(database, 'sessions');
      await database.transaction((tx) => tx.run('delete from sessions'));
      await database.transaction((tx) => tx.run('delete from etl_versions'));
      for (const answered of answers.reverse()) await mergeOne([answered]);
      expect(await storedRows(database, 'sessions')).toEqual(forwards);
    });

    it('that change nothing write nothing but their versions', async () => {
      const documents = (version: number) => [
        sessionDocument(one, 'session', version, { sessions_tags: [{ tag_id: 1 }, { tag_id: 2, transcript_id: 4 }] }),
      ];
      await mergeOne([answeredOf(one, documents(1))]);
      const before = await physical(['sessions', 'sessions_tags']);
      const result = await mergeOne([answeredOf(one, documents(2))], LATER);
      expect(result).toMatchObject({ accepted: 2, changed: 0 });
      expect(Object.values(result.written).every((rows) => rows === 0)).toBe(true);
      expect(await physical(['sessions', 'sessions_tags'])).toEqual(before);
      expect(await query('select root_version from etl_versions')).toMatchObject([{ root_version: expect.anything() }]);
      await mergeOne([tags(1, [])]);
      expect(await storedRows(database, 'sessions_tags')).toHaveLength(2);
    });

    it('leave rows alone that they repeat beside rows that they change', async () => {
      await mergeOne([
        tags(1, [
          { tag_id: 1, score: 1 },
          { tag_id: 2, score: 1 },
        ]),
      ]);
      const result = await mergeOne(
        [
          tags(2, [
            { tag_id: 1, score: 1 },
            { tag_id: 2, score: 2 },
          ]),
        ],
        LATER,
      );
      expect(result.written).toMatchObject({ sessions: 0, sessions_tags: 1 });
    });

    it('of the whole session keep additional_info where its own document holds it', async () => {
      const detail = sessionDocument(one, 'detail', 1, { sessions: [{ id: one, additional_info: '{"order":1}' }] });
      const session = (version: number, type: string) => {
        const document = sessionDocument(one, 'session', version, { sessions: [{ type }] });
        for (const row of document.rows['sessions'] ?? []) delete row['additional_info'];
        return document;
      };
      await mergeOne([answeredOf(one, [session(1, 'call'), detail])]);
      await mergeOne([answeredOf(one, [session(2, 'chat')])]);
      expect(await storedRows(database, 'sessions')).toMatchObject([{ type: 'chat', additional_info: '{"order":1}' }]);
    });

    it('that are missing from a batch keep what was known', async () => {
      const summary = sessionDocument(one, 'summary', 1, { sessions_summaries: [{ et_id: 's', text: 'kept' }] });
      await mergeOne([answeredOf(one, [sessionDocument(one, 'session', 1), summary])]);
      await mergeOne([
        {
          ...answeredOf(one, [sessionDocument(one, 'session', 2, { sessions: [{ type: 'chat' }] })], 'unknown'),
          unknown: [{ document: 'summary', reason: 'ET answered 500' }],
        },
      ]);
      expect(await storedRows(database, 'sessions_summaries')).toMatchObject([{ text: 'kept' }]);
      expect(await query('select outcome, reason from etl_keys')).toEqual([{ outcome: 'loaded', reason: null }]);
    });

    it('of an unfiltered day remember the day, in whatever order they come', async () => {
      const session = (version: number) => [answeredOf(one, [sessionDocument(one, 'session', version)])];
      const filtered = { subject: { kind: 'day', day: '2026-03-09', filters: 'is_scored,manual' } } as const;
      await merge([batchOf(session(2), filtered)]);
      expect(await query('select listed_day from etl_versions')).toEqual([{ listed_day: null }]);
      await merge([batchOf(session(1))]);
      expect(await query('select listed_day from etl_versions')).toEqual([{ listed_day: DAY }]);
    });
  });

  describe('batches', () => {
    it('that were applied before do nothing', async () => {
      const batch = batchOf([tags(1, [{ tag_id: 1 }])]);
      expect((await merge([batch])).applied).toEqual([batch.identity]);
      expect(await merge([batch])).toMatchObject({ applied: [], accepted: 0 });
      const next = batchOf([tags(2, [])]);
      expect((await merge([batch, next, next])).applied).toEqual([next.identity]);
      expect(await query('select * from etl_inbox')).toHaveLength(2);
    });

    it('may be empty', async () => {
      await merge([batchOf([])]);
      expect(await query('select answered, rejected from etl_inbox')).toEqual([{ answered: 0, rejected: 0 }]);
      expect(await merge([])).toMatchObject({ applied: [] });
    });

    it('keep the last of a session that a listing repeats', async () => {
      await mergeOne([tags(1, [{ tag_id: 1 }]), tags(1, [{ tag_id: 2 }])]);
      expect(await storedRows(database, 'sessions_tags')).toMatchObject([{ tag_id: 2 }]);
      expect(await query('select * from etl_keys')).toHaveLength(1);
    });

    it('keep the best outcome of a key', async () => {
      await mergeOne([answeredOf(one, [], 'unknown')]);
      await mergeOne([answeredOf(one, [sessionDocument(one, 'session', 1)])]);
      await mergeOne([answeredOf(one, [], 'rejected')]);
      expect(await query('select outcome from etl_keys')).toEqual([{ outcome: 'loaded' }]);
    });

    it('keep the raw form of rejects', async () => {
      const rejects = [{ key: one, reason: 'no start', raw: '{"id":"ї"}' }];
      await merge([batchOf([answeredOf(one, [], 'rejected')], { rejects })]);
      const [stored] = await query<{ raw: Uint8Array; reason: string }>('select raw, reason from etl_rejects');
      expect(stored?.reason).toBe('no start');
      expect(zstdDecompressSync(stored?.raw ?? Buffer.of()).toString()).toBe('{"id":"ї"}');
    });

    it('of 10,000 rows are loaded, and changed, in one go', async () => {
      const rows = (score: number) =>
        Array.from({ length: 20 }, (_, tag_id) => ({ tag_id, score, transcript_id: null }));
      const batch = (version: number, score: number) =>
        batchOf(Array.from({ length: 500 }, (_, index) => tags(version, rows(score), uuidOf(index))));
      expect((await merge([batch(1, 1)])).written).toMatchObject({ sessions: 500, sessions_tags: 10_000 });
      expect((await merge([batch(2, 2)])).written).toMatchObject({ sessions: 0, sessions_tags: 10_000 });
      expect(await query('select distinct score from sessions_tags')).toEqual([{ score: 2 }]);
    });

    it('give one result shuffled, repeated and at once', async () => {
      const keys = Array.from({ length: 30 }, (_, index) => uuidOf(index));
      const batches = [3, 1, 2, 5, 4].flatMap((version) =>
        [0, 10, 20].map((from) =>
          batchOf(keys.slice(from, from + 20).map((key) => tags(version, [{ tag_id: version }, { tag_id: 9 }], key))),
        ),
      );
      const second = dialect === 'sqlite' ? database : await Database.open(fresh.settings, logger, []);
      const others = [...batches].reverse();
      await Promise.all([
        ...batches.map((batch) => mergeBatches(database, [batch], NOW)),
        ...others.map((batch) => mergeBatches(second, [batch], NOW)),
      ]);
      if (second !== database) await second.close();
      const found = await storedRows(database, 'sessions_tags');
      expect(found).toHaveLength(60);
      expect(new Set(found.map(({ tag_id }) => tag_id))).toEqual(new Set([5, 9]));
    });
  });

  describe('child sets', () => {
    it('are made equal to what ET last gave', async () => {
      await mergeOne([
        tags(1, [
          { tag_id: 1, score: 1 },
          { tag_id: 2, score: 1 },
          { tag_id: 3, score: 1 },
        ]),
      ]);
      const result = await mergeOne([tags(2, [{ tag_id: 2, score: 1 }, { tag_id: 3, score: 5 }, { tag_id: 4 }])]);
      expect(result.written['sessions_tags']).toBe(3);
      const found = await storedRows(database, 'sessions_tags');
      expect(found.map(({ tag_id, score }) => [tag_id, score])).toEqual([[2, 1], [3, 5], [4, null]]); // prettier-ignore
      await mergeOne([tags(3, [])]);
      expect(await storedRows(database, 'sessions_tags')).toEqual([]);
    });

    it('hold nulls in keys as equal, and the last of equal keys', async () => {
      await mergeOne([
        tags(1, [
          { tag_id: 1, score: 1 },
          { tag_id: 1, score: 2 },
          { tag_id: 1, transcript_id: 1 },
        ]),
      ]);
      expect(await storedRows(database, 'sessions_tags')).toHaveLength(2);
      await mergeOne([tags(2, [{ tag_id: 1, score: 3 }])]);
      expect(await storedRows(database, 'sessions_tags')).toMatchObject([{ tag_id: 1, transcript_id: null, score: 3 }]);
    });

    it('of other sessions are left alone', async () => {
      const other = uuidOf(2);
      await mergeOne([tags(1, [{ tag_id: 1 }]), tags(1, [{ tag_id: 1 }], other)]);
      await mergeOne([tags(2, [])]);
      expect(await storedRows(database, 'sessions_tags')).toMatchObject([{ session_id: other }]);
    });
  });

  describe('values', () => {
    it.each<[column: string, value: Row[string]]>([
      ['type', 'Ґанок — 🙂 — o\'clock \\ "quoted" \u2028 \t'],
      ['caller_id', 'x'.repeat(1_048_576)],
      ['filename', ''],
      ['start_dt', '0001-01-01 00:00:00'],
      ['start_dt', '1752-09-03 23:59:59'],
      ['start_dt', '9999-12-31 23:59:59.999999'],
      ['end_dt', '2026-03-29 02:30:00.123456'],
      ['duration', 0.1 + 0.2],
      ['silence', 5e-324],
      ['average_score', -1.7976931348623157e308],
      ['agent_id', -2_147_483_648],
      ['nps', 2_147_483_647],
      ['is_processed', false],
      ['overlaps_data', '{"a":[1,null,"ї",{"b":1.5}]}'],
      ['score_details', '"text"'],
      ['duration_details', '[]'],
      ['caller_prev_session_id', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ])('of %s come back as they were sent', async (column, value) => {
      const session = (version: number, direction: string) =>
        sessionDocument(one, 'session', version, { sessions: [{ [column]: value, direction }] });
      await mergeOne([answeredOf(one, [session(1, 'in')])]);
      await mergeOne([answeredOf(one, [session(2, 'out')])]);
      expect(await storedRows(database, 'sessions')).toMatchObject([{ [column]: value, direction: 'out' }]);
    });

    it('of bigint columns are exact', async () => {
      const ids = ['-9223372036854775808', '9007199254740993', '9223372036854775807'];
      const transcripts = (version: number, text: string) =>
        sessionDocument(one, 'transcripts', version, {
          sessions_transcripts: ids.map((transcript_id) => ({ transcript_id, text })),
        });
      for (const version of [1, 2]) {
        const documents = [sessionDocument(one, 'session', version), transcripts(version, `version ${version}`)];
        await mergeOne([answeredOf(one, documents)]);
      }
      const found = await storedRows(database, 'sessions_transcripts');
      expect(found.map(({ transcript_id }) => transcript_id).sort()).toEqual([...ids].sort());
      expect(found).toMatchObject(ids.map(() => ({ text: 'version 2' })));
    });
  });

  describe('a bad session', () => {
    const bad = uuidOf(17);
    const sessions = () =>
      Array.from({ length: 500 }, (_, index) => uuidOf(index)).map((key) =>
        answeredOf(key, [
          sessionDocument(key, 'session', 1, { sessions: [{ waiting_time: key === bad ? 'secret words' : 5 }] }),
        ]),
      );

    it('is set aside with a reason that tells no value, and all others are loaded', async () => {
      const result = await merge([batchOf(sessions().slice(0, 300)), batchOf(sessions().slice(300))]);
      expect(result.rejected).toEqual([{ entry: `session ${bad}`, reason: expect.any(String) as string }]);
      expect(result.rejected[0]?.reason).not.toContain('secret');
      expect(result.written['sessions']).toBe(499);
      expect(
        await query('select outcome, count(*) as keys from etl_keys group by outcome order by outcome'),
      ).toMatchObject([{ outcome: 'loaded' }, { outcome: 'rejected' }]);
      const [reject] = await query<{ key: string; raw: Uint8Array }>('select key, raw from etl_rejects');
      expect(reject?.key).toBe(bad);
      expect(zstdDecompressSync(reject?.raw ?? Buffer.of()).toString()).toContain('secret words');
      expect(await query('select sum(rejected) as rejected from etl_inbox')).toMatchObject([
        { rejected: dialect === 'sqlite' ? 1 : '1' },
      ]);
    });

    it('is loaded once it is well', async () => {
      await merge([batchOf(sessions().slice(10, 20))]);
      await mergeOne([answeredOf(bad, [sessionDocument(bad, 'session', 1)])]);
      expect(await storedRows(database, 'sessions')).toHaveLength(10);
      expect(await query("select key from etl_keys where outcome = 'rejected'")).toEqual([]);
    });

    it('that holds rows of another is set aside', async () => {
      const document = sessionDocument(one, 'session', 1, { sessions_tags: [{ session_id: bad, tag_id: 1 }] });
      const result = await mergeOne([answeredOf(one, [document]), tags(1, [], bad)]);
      expect(result.rejected).toEqual([
        { entry: `session ${one}`, reason: 'a row of sessions_tags belongs to another key' },
      ]);
      expect(await storedRows(database, 'sessions')).toMatchObject([{ id: bad }]);
    });
  });

  describe('a tombstone', () => {
    const gone = (version: number): Answered => ({ ...answeredOf(one, [], 'gone'), gone: version });
    const state = async () => ({
      deleted: (await ownColumns('sessions')).map(({ _etl_deleted_at }) => _etl_deleted_at !== null),
      tags: (await storedRows(database, 'sessions_tags')).map(({ tag_id }) => tag_id),
    });

    it('marks the session, and no older answer brings it back', async () => {
      await mergeOne([tags(1, [{ tag_id: 1 }])]);
      await mergeOne([gone(3)]);
      expect(await state()).toEqual({ deleted: [true], tags: [1] });
      await mergeOne([tags(2, [{ tag_id: 2 }])]);
      expect(await state()).toEqual({ deleted: [true], tags: [1] });
      expect(await query('select listed_day from etl_versions')).toEqual([{ listed_day: null }]);
    });

    it('before any answer keeps older ones out', async () => {
      await mergeOne([gone(3)]);
      await mergeOne([tags(2, [{ tag_id: 2 }])]);
      expect(await state()).toEqual({ deleted: [], tags: [] });
    });

    it('gives way to a newer answer, even an equal one', async () => {
      await mergeOne([tags(1, [{ tag_id: 1 }])]);
      await mergeOne([gone(2)]);
      await mergeOne([tags(3, [{ tag_id: 1 }])]);
      expect(await state()).toEqual({ deleted: [false], tags: [1] });
    });

    it('wins within one transaction over what is older', async () => {
      await merge([batchOf([gone(3)]), batchOf([tags(2, [{ tag_id: 2 }])])]);
      expect(await state()).toEqual({ deleted: [], tags: [] });
    });
  });

  describe('dictionaries', () => {
    const scorecard = (id: number, version: number, points: number[]) =>
      answeredOf(String(id), [
        itemDocument('scorecards', version, {
          scorecards: [{ id, name: `card ${id}` }],
          scorecard_categories: [{ id: id * 10, scorecard_id: id }],
          scorecard_points: points.map((point) => ({ id: point, scorecard_id: id, category_id: id * 10 })),
        }),
      ]);
    const mergeCards = (...cards: Answered[]) => merge([batchOf(cards, { entity: 'scorecards' })]);
    const points = async () =>
      (await storedRows(database, 'scorecard_points')).map(({ id, scorecard_id }) => [id, scorecard_id]);

    it('have children that come, change and go', async () => {
      await mergeCards(scorecard(1, 1, [1, 2]), scorecard(2, 1, [3]));
      await mergeCards(scorecard(1, 2, [2, 4]));
      expect(await points()).toEqual([[2, 1], [3, 2], [4, 1]]); // prettier-ignore
    });

    it('have children that move, whichever owner comes first', async () => {
      await mergeCards(scorecard(1, 1, [1, 2]), scorecard(2, 1, [3]));
      await mergeCards(scorecard(2, 2, [3, 2]), scorecard(1, 2, [1]));
      expect(await points()).toEqual([[1, 1], [2, 2], [3, 2]]); // prettier-ignore
    });

    it('give one result though an older answer of one owner comes late', async () => {
      await mergeCards(scorecard(2, 2, [3, 2]));
      await mergeCards(scorecard(1, 1, [1, 2]));
      await mergeCards(scorecard(1, 2, [1]));
      expect(await points()).toEqual([[1, 1], [2, 2], [3, 2]]); // prettier-ignore
    });

    it('bring an item back that was marked as gone', async () => {
      const labels = (version: number) =>
        batchOf([answeredOf('5', [itemDocument('labels', version, { labels: [{ id: 5, text: 'VIP' }] })])], {
          entity: 'labels',
        });
      await merge([labels(1)]);
      await database.transaction((tx) => tx.run(`update labels set _etl_deleted_at = '2026-03-01 00:00:00'`));
      await merge([labels(2)], LATER);
      expect(await ownColumns('labels')).toMatchObject([{ _etl_deleted_at: null }]);
    });
  });

  if (dialect === 'postgresql') {
    it('goes on where its connection is lost in mid transaction, more often than there are connections', async () => {
      const client = new Client({ connectionString: fresh.url });
      await client.connect();
      for (let round = 1; round <= 10; round += 1) {
        await client.query('begin');
        await client.query('lock table etl_versions in access exclusive mode');
        const merged = mergeOne([tags(round, [{ tag_id: round }])]);
        await killWaiting(client);
        await client.query('commit');
        expect(await merged).toMatchObject({ accepted: 2 });
      }
      await client.end();
      expect(await storedRows(database, 'sessions_tags')).toMatchObject([{ tag_id: 10 }]);
    });
  }

  /** Rows with what tells a rewritten row from an untouched one. */
  async function physical(names: string[]): Promise<object[][]> {
    const version = dialect === 'postgresql' ? 'xmin::text as xmin, ctid::text as ctid, ' : '';
    return Promise.all(names.map((name) => query(`select ${version}t.* from ${name} t order by id`)));
  }
}

/** Ends the connection that waits for this client's lock. */
async function killWaiting(client: Client): Promise<void> {
  const kill =
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pg_backend_pid() = any(pg_blocking_pids(pid))';
  while ((await client.query(kill)).rowCount === 0) await sleep(5);
}
