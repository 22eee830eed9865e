import { randomUUID } from 'node:crypto';

import { tables, type RowBatch, type Slice } from '#contracts';

import { describeDialects, type Dialect } from '../support/suites.js';
import { batch, days, endOf, HOUR, Ledger, plan } from './ledger-harness.js';

import.meta.jest.setTimeout(60_000);

describeDialects('answers about state', suite);

function suite(dialect: Dialect): void {
  const ledger = Ledger.forEachTest(dialect);

  describe('what planning is told', () => {
    const state = async () => (await ledger.loader.ask({ type: 'plan-state', from: '2026-10-01' })).state;

    it('is nothing at all before the first plan', async () => {
      expect(await state()).toEqual({
        startDate: null,
        verified: [],
        onlyDetails: [],
        dueUnknown: [],
        unprocessedDays: [],
        categoriesWatermark: null,
        lastTick: null,
      });
    });

    it('holds the first day ever asked for and the latest tick', async () => {
      const open = (tick: string, startDate: string) =>
        ledger.loader.ask({ type: 'open-run', plan: plan(tick, [], { kind: 'scheduled', tick, startDate }) });
      await open('2026-11-02T00:05:00Z', '2026-10-02');
      await open('2026-11-01T00:05:00.000Z', '2026-10-01');
      await open('2026-10-31T00:05:00.000Z', '2026-10-03');
      expect(await state()).toMatchObject({ startDate: '2026-10-01', lastTick: '2026-11-02T00:05:00.000Z' });
    });

    it('takes a day as verified until a later look at the whole of it finds otherwise', async () => {
      const [second, first] = await ledger.loader.open(plan('r', days('r', 2)));
      if (!first || !second) throw new Error('nothing was dispatched');
      await ledger.loader.answer(first, ['loaded']);
      await ledger.loader.answer(second, ['loaded'], { countAfter: 7 });
      expect((await state()).verified).toEqual([{ day: '2026-10-01', count: 1 }]);
      const [again, once] = await ledger.loader.open(plan('s', days('s', 2)));
      if (!again || !once) throw new Error('nothing was dispatched');
      await ledger.loader.answer(again, ['loaded']);
      await ledger.loader.answer(once, ['unknown']);
      expect((await state()).verified).toEqual([{ day: '2026-10-02', count: 1 }]);
    });

    it('takes no part of a day for the day', async () => {
      const day = { kind: 'day', day: '2026-10-01' } as const;
      const slices = await ledger.loader.open(
        plan('r', [
          { sliceId: 'filtered', lane: 'live', subject: { ...day, filters: 'is_scored,manual' } },
          { sliceId: 'limited', lane: 'live', subject: { ...day, limit: 1 } },
        ]),
      );
      for (const slice of slices) await ledger.loader.answer(slice, ['loaded']);
      expect((await state()).verified).toEqual([]);
      expect((await ledger.loader.run('r')).slices.complete).toBe(2);
    });

    it('moves the watermark of categories once all that was planned from it is read', async () => {
      const marked = (runId: string, categoriesWatermark: string) =>
        plan(runId, days(runId, 2), { categoriesWatermark });
      const [one, other] = await ledger.loader.open(marked('r', '2026-10-02T10:00:00'));
      if (!one || !other) throw new Error('nothing was dispatched');
      await ledger.loader.answer(one, ['loaded']);
      await ledger.loader.closer.fail({ slice: other, stage: 'raw', reason: 'broken' });
      expect((await state()).categoriesWatermark).toBeNull();
      await ledger.loader.answer(other, ['loaded']);
      expect((await state()).categoriesWatermark).toBe('2026-10-02T10:00:00');
      for (const slice of await ledger.loader.open(marked('s', '2026-10-01T10:00:00')))
        await ledger.loader.answer(slice, ['loaded']);
      expect((await state()).categoriesWatermark).toBe('2026-10-02T10:00:00');
    });

    it('names the days that hold sessions ET had not processed', async () => {
      const day = new Date().toISOString().slice(0, 10);
      const slices = await ledger.loader.open(
        plan('r', [{ sliceId: 'today', lane: 'live', subject: { kind: 'day', day } }]),
      );
      for (const slice of slices) await ledger.loader.merge(session(slice, false));
      expect((await state()).unprocessedDays).toEqual([day]);
      for (const slice of slices) await ledger.loader.merge(session(slice, true));
      expect((await state()).unprocessedDays).toEqual([]);
    });
  });

  it('tells how everything stands', async () => {
    const yesterday = new Date(Date.now() - 24 * HOUR).toISOString().slice(0, 10);
    const startDate = new Date(Date.now() - 3 * 24 * HOUR).toISOString().slice(0, 10);
    const slices = await ledger.loader.open(
      plan('r', [{ sliceId: 'r:y', lane: 'live', subject: { kind: 'day', day: yesterday } }], { startDate }),
    );
    for (const slice of slices) {
      const attempt = randomUUID();
      const rejects = [{ key: 'odd', reason: 'no id', raw: '{}' }];
      const one = session(slice, true, attempt);
      await ledger.loader.merge({
        ...one,
        rejects,
        answered: [...one.answered, { key: 'odd', outcome: 'rejected', documents: [], unknown: [] }],
      });
      await ledger.loader.closer.end(endOf(slice, attempt, 2));
    }
    const { status } = await ledger.loader.ask({ type: 'status' });
    expect(status).toMatchObject({ lastVerifiedDay: yesterday, unverifiedDays: 2, rejects: 1, runs: [{ runId: 'r' }] });
    expect(Object.keys(status.tables)).toEqual(tables.map(({ name }) => name));
    expect(status.tables).toMatchObject({ sessions: 1, agents: 0 });
  });
}

/** A batch of one session as ET would list it. */
function session(slice: Slice, processed: boolean, attempt = randomUUID()): RowBatch {
  const key = '11111111-2222-4333-8444-555555555555';
  const columns = tables.find(({ name }) => name === 'sessions')?.columns ?? [];
  const empty = Object.fromEntries(columns.map(({ name }) => [name, null]));
  const rows = { sessions: [{ ...empty, id: key, is_processed: processed }] };
  const document = { document: 'session' as const, version: processed ? 2 : 1, rows };
  return batch(slice, attempt, [], { answered: [{ key, outcome: 'loaded', documents: [document], unknown: [] }] });
}
