import type { Slice } from '#contracts';

import { uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { answer, askAgain, DAY, gapsOf, openOne, readDay, sessions, type Told } from './ledger-days.js';
import { Ledger, Loader } from './ledger-harness.js';

import.meta.jest.setTimeout(120_000);

const uncounted = { countBefore: null, countAfter: null };

describeDialects('sessions that a listing no longer holds', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);

  /** The slices of a run that ask after candidates, once they are out. */
  const asked = async (runId: string): Promise<Slice[]> => {
    await ledger.loader.dispatcher.dispatch();
    const sent = ledger.loader.publisher.sent.filter((slice) => slice.runId === runId);
    return sent.filter(({ subject }) => subject.kind === 'sessions' && subject.why === 'candidates');
  };
  const idsOf = ({ subject }: Slice) => (subject.kind === 'sessions' ? subject.sessions.map(({ id }) => id) : []);
  const ids = (first: number, last: number) =>
    sessions(first, last)
      .map(({ id }) => id)
      .sort();
  const tombstones = async () => {
    const rows = `select listed_day from etl_versions where root_hash = 'gone'`;
    return (await ledger.loader.database.transaction((tx) => tx.query(rows))).length;
  };
  const state = async (runId: string) => (await ledger.loader.run(runId)).state;

  it('are asked after before their run is done, and are gone where ET says so', async () => {
    await readDay(ledger.loader, 'first', sessions(1, 10));
    await readDay(ledger.loader, 'second', sessions(1, 7));
    expect(await ledger.loader.run('second')).toMatchObject({ state: 'open', slices: { verified: 1 } });
    const slices = await asked('second');
    expect(slices.flatMap(idsOf)).toEqual(ids(8, 10));
    expect(slices).toMatchObject([{ sliceId: 'second:day:c0', lane: 'live', subject: { day: DAY } }]);
    for (const slice of slices) {
      const told: Told[] = [8, 9, 10].map((number) => ({ id: uuidOf(number), gone: true }));
      await answer(ledger.loader, slice, told, uncounted);
    }
    expect(await ledger.loader.run('second')).toMatchObject({
      state: 'done',
      gone: 3,
      slices: { verified: 1, complete: 1 },
    });
    expect(await tombstones()).toBe(3);
    await readDay(ledger.loader, 'third', sessions(1, 7));
    expect([await asked('third'), await state('third')]).toEqual([[], 'done']);
  });

  it('stay where ET still has them, and belong to the day that lists them', async () => {
    await readDay(ledger.loader, 'first', sessions(1, 4));
    await readDay(ledger.loader, 'second', sessions(1, 2));
    for (const slice of await asked('second')) {
      await answer(
        ledger.loader,
        slice,
        [
          { id: uuidOf(3), found: true },
          { id: uuidOf(4), found: true },
        ],
        uncounted,
      );
    }
    expect(await tombstones()).toBe(0);
    await readDay(ledger.loader, 'next day', sessions(3, 4), {}, { day: '2026-10-02' });
    await readDay(ledger.loader, 'third', sessions(1, 2));
    expect(await asked('third')).toEqual([]);
  });

  it('wait for somebody’s word where they are too many to be asked after', async () => {
    await readDay(ledger.loader, 'first', sessions(1, 250));
    await readDay(ledger.loader, 'second', sessions(1, 225));
    expect((await asked('second')).flatMap(idsOf)).toHaveLength(25);
    await readDay(ledger.loader, 'third', sessions(1, 220));
    expect([await asked('third'), await state('third')]).toEqual([[], 'done']);
    const held = { day: DAY, candidates: 30, sessions: 250 };
    expect((await gapsOf(ledger.loader)).heldDeletes).toEqual([{ ...held, heldAt: expect.any(String) as string }]);
    expect((await ledger.loader.ask({ type: 'status' })).status.heldDeletes).toBe(30);

    await readDay(ledger.loader, 'allowed', sessions(1, 180), {}, { allowDeletes: true });
    expect((await asked('allowed')).map((slice) => idsOf(slice).length)).toEqual([50, 20]);
    expect((await gapsOf(ledger.loader)).heldDeletes).toEqual([]);
  });

  it.each([
    ['a part of the day', {}, { filters: 'is_scored,manual' }],
    ['a listing cut on purpose', uncounted, { limit: 2 }],
    ['a listing that disagrees with ET’s count', { countAfter: 4 }, {}],
    ['a day that is not over', { dayOver: false }, {}],
  ])('are not looked for in %s', async (_what, end, subject) => {
    await readDay(ledger.loader, 'first', sessions(1, 4));
    await readDay(ledger.loader, 'second', sessions(1, 2), end, subject);
    expect([await asked('second'), await state('second')]).toEqual([[], 'done']);
  });

  it('are looked for where the count agrees, though details are missing', async () => {
    await readDay(ledger.loader, 'first', sessions(1, 4));
    await readDay(ledger.loader, 'second', [{ id: uuidOf(1), missing: ['comments'] }]);
    expect((await asked('second')).flatMap(idsOf)).toEqual(ids(2, 4));
  });

  it('are not looked for with DELETE_MODE=ignore', async () => {
    await readDay(ledger.loader, 'first', sessions(1, 4));
    await ledger.loader.close();
    ledger.loader = await Loader.open(ledger.fresh.settings, { mode: 'ignore', maxRatio: 0.1 });
    await readDay(ledger.loader, 'second', sessions(1, 2));
    expect([await asked('second'), await state('second')]).toEqual([[], 'done']);
  });

  it('are asked after once more by themselves where nobody was told', async () => {
    const noted = async () => {
      const { unknown } = await gapsOf(ledger.loader);
      return new Map(unknown.map(({ id, document, reason }) => [id, `${document}: ${reason}`]));
    };
    await readDay(ledger.loader, 'first', sessions(1, 6));
    await readDay(ledger.loader, 'second', sessions(1, 5));
    for (const slice of await asked('second')) {
      await answer(ledger.loader, slice, [{ id: uuidOf(6), missing: ['detail'] }], uncounted);
    }
    expect(await noted()).toEqual(new Map([[uuidOf(6), 'detail: no detail']]));
    await readDay(ledger.loader, 'third', sessions(1, 5));
    for (const slice of await asked('third'))
      await ledger.loader.closer.fail({ slice, stage: 'raw', reason: 'broken' });
    expect(await noted()).toEqual(new Map([[uuidOf(6), 'detail: broken']]));
    await readDay(ledger.loader, 'fourth', sessions(1, 5));
    await ledger.loader.ask({ type: 'control-run', runId: 'fourth', action: 'cancel' });
    expect(await noted()).toEqual(new Map([[uuidOf(6), 'detail: the run was cancelled']]));

    expect((await gapsOf(ledger.loader)).days).toEqual([]);
    await askAgain(ledger.loader, 'again', [{ id: uuidOf(6), missing: ['detail'] }], [{ id: uuidOf(6), gone: true }]);
    expect([(await gapsOf(ledger.loader)).unknownTotal, await tombstones()]).toEqual([0, 1]);
  });

  it('are asked after in no run that was cancelled', async () => {
    await readDay(ledger.loader, 'first', sessions(1, 3));
    const slice = await openOne(ledger.loader, 'second', { kind: 'day', day: DAY });
    await ledger.loader.closer.fail({ slice, stage: 'raw', reason: 'broken' });
    const other = await openOne(ledger.loader, 'third', { kind: 'day', day: DAY });
    await ledger.loader.ask({ type: 'control-run', runId: 'third', action: 'cancel' });
    await answer(ledger.loader, other, sessions(1, 2));
    expect([await asked('third'), await state('third')]).toEqual([[], 'cancelled']);
    await answer(ledger.loader, slice, sessions(1, 2));
    expect([(await asked('second')).flatMap(idsOf), await state('second')]).toEqual([ids(3, 3), 'open']);
  });
});
