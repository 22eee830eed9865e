import { randomUUID } from 'node:crypto';

import { tables, type RowBatch, type Slice } from '#contracts';

import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { batch, days, endOf, Loader, plan } from './ledger-harness.js';

const HOUR = 3_600_000;

describe('the ledger on SQLite', () => ledger('sqlite'));
describeWith('postgresql', 'the ledger on PostgreSQL', () => ledger('postgresql'));

function ledger(dialect: 'sqlite' | 'postgresql'): void {
  let fresh: FreshDatabase;
  let loader: Loader;

  beforeEach(async () => {
    fresh = await freshDatabase(dialect);
    loader = await Loader.open(fresh.settings);
  });
  afterEach(async () => {
    await loader.close();
    await fresh.drop();
  });

  describe('opening a run', () => {
    it('stores it once however often and however at once it is asked for', async () => {
      const ask = () => loader.ask({ type: 'open-run', plan: plan('r', days('r', 3)) });
      const answers = await Promise.all(Array.from({ length: 5 }, ask));
      expect(answers.map(({ runId }) => runId)).toEqual(Array(5).fill('r'));
      expect(answers.filter(({ opened }) => opened)).toHaveLength(1);
      const { state, slices } = await loader.run('r');
      expect([state, slices.planned + slices.queued]).toEqual(['open', 3]);
    });

    it('joins an unfinished run of the same request, and none that is finished', async () => {
      const ask = (runId: string) =>
        loader.ask({ type: 'open-run', plan: plan(runId, days(runId, 1), { request: 'range 2026-10-01' }) });
      const [one, other] = await Promise.all([ask('a'), ask('b')]);
      expect(one.runId).toBe(other.runId);
      expect([one.opened, other.opened].sort()).toEqual([false, true]);
      const joined = one.opened ? 'b' : 'a';
      expect(await ask(joined)).toMatchObject({ runId: one.runId, opened: false });
      expect((await loader.run(joined)).runId).toBe(one.runId);

      await loader.dispatcher.dispatch();
      for (const slice of loader.publisher.sent) await loader.answer(slice, ['loaded']);
      expect(await ask('c')).toMatchObject({ runId: 'c', opened: true });
    });

    it('closes a run without slices at once', async () => {
      await loader.open(plan('empty', []));
      const run = await loader.run('empty');
      expect([run.state, run.closedAt]).toEqual(['done', expect.any(String)]);
    });

    it('takes a plan of years in one go', async () => {
      await loader.open(plan('long', days('long', 1_500, 'backfill')));
      const { slices } = await loader.run('long');
      expect([slices.queued, slices.planned]).toEqual([16, 1_484]);
    });
  });

  describe('dispatch', () => {
    it('never has more than 16 of a lane out, and sends none twice, whoever sends', async () => {
      const others = Array.from({ length: 9 }, () => new Loader(loader.database));
      const all = [loader, ...others];
      await loader.ask({ type: 'open-run', plan: plan('r', [...days('r', 40), ...days('b', 40, 'backfill')]) });
      await Promise.all(all.map(({ dispatcher }) => dispatcher.dispatch()));
      const sent = () => all.flatMap(({ publisher }) => publisher.sent);
      expect(sent().filter(({ lane }) => lane === 'live')).toHaveLength(16);
      expect(sent().filter(({ lane }) => lane === 'backfill')).toHaveLength(16);

      const live = sent().filter(({ lane }) => lane === 'live');
      await Promise.all(live.slice(0, 5).map((slice) => loader.answer(slice, ['loaded'])));
      await Promise.all(all.map(({ dispatcher }) => dispatcher.dispatch()));
      expect(sent().filter(({ lane }) => lane === 'live')).toHaveLength(21);
      expect(new Set(sent().map(({ sliceId }) => sliceId)).size).toBe(37);
    });

    it('sends dictionaries first, then the newest days', async () => {
      const agents = {
        sliceId: 'r:agents',
        lane: 'live',
        subject: { kind: 'dictionary', dictionary: 'agents' },
      } as const;
      const sent = await loader.open(plan('r', [...days('r', 3), agents]));
      expect(sent.map(({ sliceId }) => sliceId)).toEqual(['r:agents', 'r:2026-10-03', 'r:2026-10-02', 'r:2026-10-01']);
    });

    it('plans again what the broker did not take', async () => {
      loader.publisher.away = true;
      expect(await loader.open(plan('r', days('r', 2)))).toEqual([]);
      expect((await loader.run('r')).slices.planned).toBe(2);
      loader.publisher.away = false;
      await loader.dispatcher.dispatch();
      expect(loader.publisher.sent).toHaveLength(2);
    });
  });

  describe('closing', () => {
    const opened = async (): Promise<Slice> => {
      const [slice] = await loader.open(plan('r', days('r', 1)));
      if (!slice) throw new Error('nothing was dispatched');
      return slice;
    };

    it('verifies a day whose every key is answered for, with its figures, and forgets the keys', async () => {
      const slice = await opened();
      const attempt = randomUUID();
      const noted = { unknownFields: { 'sessions.mood': 2 }, cleaned: { nul: 1, surrogates: 0 } };
      await loader.merge(batch(slice, attempt, ['loaded', 'rejected'], noted));
      await loader.merge(batch(slice, attempt, ['gone'], noted, 2));
      expect(await loader.run('r')).toMatchObject({ state: 'open', answered: 3, loaded: 1, rejected: 1, gone: 1 });
      await loader.closer.end(endOf(slice, attempt, 3));
      const run = await loader.run('r');
      expect(run).toMatchObject({ state: 'done', listed: 3, answered: 3, loaded: 1, rejected: 1, gone: 1, unknown: 0 });
      expect(run).toMatchObject({
        unknownFields: { 'sessions.mood': 4 },
        cleaned: { nul: 2, surrogates: 0 },
        problems: [],
      });
      expect(run.slices.verified).toBe(1);
      expect([await loader.count('etl_keys'), await loader.count('etl_inbox'), await loader.count('etl_ends')]).toEqual(
        [0, 0, 0],
      );
    });

    it('always closes when the last batch and the end come at one moment', async () => {
      const slices = await loader.open(plan('r', days('r', 16)));
      await Promise.all(
        slices.flatMap((slice) => {
          const attempt = randomUUID();
          return [loader.merge(batch(slice, attempt, ['loaded'])), loader.closer.end(endOf(slice, attempt, 1))];
        }),
      );
      expect(await loader.run('r')).toMatchObject({ state: 'done', loaded: 16, slices: { verified: 16 } });
    });

    it('waits for the attempt that ended, whatever other attempts answered', async () => {
      const slice = await opened();
      const [ended, other] = [randomUUID(), randomUUID()];
      await loader.merge(batch(slice, other, ['loaded', 'loaded']));
      await loader.closer.end(endOf(slice, ended, 2));
      expect((await loader.run('r')).state).toBe('open');
      await loader.merge(batch(slice, ended, ['loaded']));
      expect((await loader.run('r')).state).toBe('open');
      await loader.merge(batch(slice, ended, ['loaded'], {}, 1));
      expect((await loader.run('r')).slices.verified).toBe(1);
    });

    it('says why a day is not verified, and keeps the keys whose details are missing', async () => {
      const slice = await opened();
      const attempt = randomUUID();
      const missing = batch(slice, attempt, ['unknown', 'loaded']);
      missing.answered[0]?.unknown.push({ document: 'scores', reason: '403' });
      await loader.merge(missing);
      await loader.closer.end(endOf(slice, attempt, 2));
      expect(await loader.run('r')).toMatchObject({
        state: 'done',
        problems: [
          { sliceId: slice.sliceId, state: 'unverified', reason: 'details of 1 conversations could not be had' },
        ],
      });
      expect(await loader.count('etl_keys')).toBe(1);
    });

    it('changes nothing when everything comes once more, and sweeps away what that leaves', async () => {
      const slice = await opened();
      const attempt = randomUUID();
      const first = batch(slice, attempt, ['loaded']);
      await loader.merge(first);
      await loader.closer.end(endOf(slice, attempt, 1));
      const before = await loader.run('r');
      await loader.merge(first);
      await loader.closer.end(endOf(slice, attempt, 1));
      await loader.merge(batch(slice, attempt, ['unknown'], {}, 7));
      expect(await loader.run('r')).toEqual(before);
      expect(await loader.count('etl_inbox')).toBe(2);
      await loader.sweeper.sweep(new Date());
      expect([await loader.count('etl_keys'), await loader.count('etl_inbox')]).toEqual([0, 0]);
      expect(await loader.run('r')).toEqual(before);
    });

    it('fails a slice for a dead letter, and mends the run when a late attempt answers for it', async () => {
      const slice = await opened();
      await loader.closer.fail({ slice, stage: 'raw', reason: 'broken' });
      expect(await loader.run('r')).toMatchObject({
        state: 'failed',
        problems: [{ state: 'failed', reason: 'raw: broken' }],
      });
      await loader.answer(slice, ['loaded']);
      expect(await loader.run('r')).toMatchObject({ state: 'done', slices: { failed: 0, verified: 1 }, problems: [] });
      await loader.closer.fail({ slice, stage: 'raw', reason: 'too late' });
      expect(await loader.run('r')).toMatchObject({ state: 'done', slices: { verified: 1 } });
    });

    it('drops the end of a slice it does not know', async () => {
      const slice = await opened();
      await loader.closer.end(endOf({ ...slice, sliceId: 'another' }, randomUUID(), 0));
      expect(await loader.count('etl_ends')).toBe(0);
    });

    it('closes by the sweep what a crash between commit and closing left', async () => {
      const slice = await opened();
      const attempt = randomUUID();
      await loader.closer.end(endOf(slice, attempt, 1));
      await mergeBatches(loader.database, [batch(slice, attempt, ['loaded'])], new Date());
      expect((await loader.run('r')).state).toBe('open');
      await loader.sweeper.sweep(new Date());
      expect((await loader.run('r')).state).toBe('done');
    });
  });

  it('cancels a run with all that is open, for good', async () => {
    const [done, late] = await loader.open(plan('r', days('r', 20)));
    if (!done || !late) throw new Error('nothing was dispatched');
    await loader.answer(done, ['loaded']);
    expect(await loader.ask({ type: 'cancel-run', runId: 'r' })).toMatchObject({ known: true });
    expect(await loader.ask({ type: 'cancel-run', runId: 'nobody' })).toMatchObject({ known: false });
    expect((await loader.ask({ type: 'stopped-runs' })).runIds).toEqual(['r']);
    await loader.answer(late, ['loaded']);
    await loader.dispatcher.dispatch();
    expect(await loader.run('r')).toMatchObject({ state: 'cancelled', slices: { cancelled: 19, verified: 1 } });
  });

  it('sends a silent slice again three times, then fails it', async () => {
    await loader.open(plan('r', days('r', 1)));
    for (let hours = 1; hours <= 4; hours += 1) {
      expect((await loader.run('r')).slices.queued).toBe(1);
      await loader.sweeper.sweep(new Date(Date.now() + hours * (HOUR + 60_000)));
      await loader.dispatcher.dispatch();
    }
    expect(loader.publisher.sent).toHaveLength(4);
    expect(await loader.run('r')).toMatchObject({
      state: 'failed',
      problems: [{ reason: expect.stringContaining('3 times') }],
    });
  });

  it('leaves a slice alone while batches come', async () => {
    const [slice] = await loader.open(plan('r', days('r', 1)));
    if (!slice) throw new Error('nothing was dispatched');
    await loader.merge(batch(slice, randomUUID(), ['loaded']));
    await loader.database.transaction((tx) => tx.run(`update etl_slices set moved_at = '2026-01-01 00:00:00.000000'`));
    await loader.sweeper.sweep(new Date());
    await loader.dispatcher.dispatch();
    expect(loader.publisher.sent).toHaveLength(1);
  });

  it('goes on with what an embedded process before it had out', async () => {
    const sent = await loader.open(plan('r', days('r', 3)));
    await loader.close();
    loader = await Loader.open(fresh.settings);
    await loader.dispatcher.dispatch();
    expect(loader.publisher.sent).toEqual(sent);
  });

  describe('what planning is told', () => {
    const state = async () => (await loader.ask({ type: 'plan-state', from: '2026-10-01' })).state;

    it('is nothing at all before the first plan', async () => {
      expect(await state()).toEqual({
        startDate: null,
        verifiedDays: [],
        unprocessedDays: [],
        categoriesWatermark: null,
        lastTick: null,
      });
    });

    it('holds the first day ever asked for and the latest tick', async () => {
      const open = (tick: string, startDate: string) =>
        loader.ask({ type: 'open-run', plan: plan(tick, [], { kind: 'scheduled', tick, startDate }) });
      await open('2026-11-02T00:05:00Z', '2026-10-02');
      await open('2026-11-01T00:05:00.000Z', '2026-10-01');
      await open('2026-10-31T00:05:00.000Z', '2026-10-03');
      expect(await state()).toMatchObject({ startDate: '2026-10-01', lastTick: '2026-11-02T00:05:00.000Z' });
    });

    it('takes a day as verified until a later look at the whole of it finds otherwise', async () => {
      const [second, first] = await loader.open(plan('r', days('r', 2)));
      if (!first || !second) throw new Error('nothing was dispatched');
      await loader.answer(first, ['loaded']);
      await loader.answer(second, ['loaded'], { countAfter: 7 });
      expect((await state()).verifiedDays).toEqual(['2026-10-01']);
      const [again, once] = await loader.open(plan('s', days('s', 2)));
      if (!again || !once) throw new Error('nothing was dispatched');
      await loader.answer(again, ['loaded']);
      await loader.answer(once, ['unknown']);
      expect((await state()).verifiedDays).toEqual(['2026-10-02']);
    });

    it('takes no part of a day for the day', async () => {
      const day = { kind: 'day', day: '2026-10-01' } as const;
      const slices = await loader.open(
        plan('r', [
          { sliceId: 'filtered', lane: 'live', subject: { ...day, filters: 'is_scored,manual' } },
          { sliceId: 'limited', lane: 'live', subject: { ...day, limit: 1 } },
        ]),
      );
      for (const slice of slices) await loader.answer(slice, ['loaded']);
      expect((await state()).verifiedDays).toEqual([]);
      expect((await loader.run('r')).slices.complete).toBe(2);
    });

    it('moves the watermark of categories once all that was planned from it is read', async () => {
      const marked = (runId: string, categoriesWatermark: string) =>
        plan(runId, days(runId, 2), { categoriesWatermark });
      const [one, other] = await loader.open(marked('r', '2026-10-02T10:00:00'));
      if (!one || !other) throw new Error('nothing was dispatched');
      await loader.answer(one, ['loaded']);
      await loader.closer.fail({ slice: other, stage: 'raw', reason: 'broken' });
      expect((await state()).categoriesWatermark).toBeNull();
      await loader.answer(other, ['loaded']);
      expect((await state()).categoriesWatermark).toBe('2026-10-02T10:00:00');
      for (const slice of await loader.open(marked('s', '2026-10-01T10:00:00'))) await loader.answer(slice, ['loaded']);
      expect((await state()).categoriesWatermark).toBe('2026-10-02T10:00:00');
    });

    it('names the days that hold sessions ET had not processed', async () => {
      const day = new Date().toISOString().slice(0, 10);
      const slices = await loader.open(plan('r', [{ sliceId: 'today', lane: 'live', subject: { kind: 'day', day } }]));
      for (const slice of slices) await loader.merge(session(slice, false));
      expect((await state()).unprocessedDays).toEqual([day]);
      for (const slice of slices) await loader.merge(session(slice, true));
      expect((await state()).unprocessedDays).toEqual([]);
    });
  });

  it('tells how everything stands', async () => {
    const yesterday = new Date(Date.now() - 24 * HOUR).toISOString().slice(0, 10);
    const startDate = new Date(Date.now() - 3 * 24 * HOUR).toISOString().slice(0, 10);
    const slices = await loader.open(
      plan('r', [{ sliceId: 'r:y', lane: 'live', subject: { kind: 'day', day: yesterday } }], { startDate }),
    );
    for (const slice of slices) {
      const attempt = randomUUID();
      const rejects = [{ key: 'odd', reason: 'no id', raw: '{}' }];
      const one = session(slice, true, attempt);
      await loader.merge({
        ...one,
        rejects,
        answered: [...one.answered, { key: 'odd', outcome: 'rejected', documents: [], unknown: [] }],
      });
      await loader.closer.end(endOf(slice, attempt, 2));
    }
    const { status } = await loader.ask({ type: 'status' });
    expect(status).toMatchObject({ lastVerifiedDay: yesterday, unverifiedDays: 2, rejects: 1, runs: [{ runId: 'r' }] });
    expect(Object.keys(status.tables)).toEqual(tables.map(({ name }) => name));
    expect(status.tables).toMatchObject({ sessions: 1, agents: 0 });
  });
}

it('throws instead of waiting for a database that is away, where one process does it all', async () => {
  const nobody = { host: '127.0.0.1', port: 1, user: 'etl', password: 'etl', database: 'etl', schema: 'public' };
  const away = { dialect: 'postgresql', ...nobody, ssl: false, tlsVerify: true, pool: 1 } as const;
  await expect(Loader.open(away)).rejects.toThrow('is the database running');
});

/** A batch of one session as ET would list it. */
function session(slice: Slice, processed: boolean, attempt = randomUUID()): RowBatch {
  const key = '11111111-2222-4333-8444-555555555555';
  const columns = tables.find(({ name }) => name === 'sessions')?.columns ?? [];
  const empty = Object.fromEntries(columns.map(({ name }) => [name, null]));
  const rows = { sessions: [{ ...empty, id: key, is_processed: processed }] };
  const document = { document: 'session' as const, version: processed ? 2 : 1, rows };
  return batch(slice, attempt, [], { answered: [{ key, outcome: 'loaded', documents: [document], unknown: [] }] });
}
