import { randomUUID } from 'node:crypto';

import type { RunPlan, Slice } from '#contracts';

import { Runs } from '../../apps/loader/src/ledger/rows.js';
import { runPace } from '../../apps/loader/src/ledger/run-pace.js';
import { describeDialects, describeServed } from '../support/suites.js';
import { batch, days, endOf, Ledger, plan } from './ledger-harness.js';

import.meta.jest.setTimeout(120_000);

describeDialects('runs under control', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);
  const control = (action: 'pause' | 'resume' | 'cancel', runId = 'r') =>
    ledger.loader.ask({ type: 'control-run', runId, action });
  const stopped = async () => (await ledger.loader.ask({ type: 'stopped-runs' })).runIds;
  const backfill = (runId: string, request = ''): RunPlan =>
    plan(runId, days(runId, 40, 'backfill'), { kind: 'backfill', request });

  it('pause with all that is out, through a restart, until they are resumed', async () => {
    await ledger.loader.open(backfill('r'));
    expect(await control('pause')).toEqual({ type: 'control-run', known: true, state: 'paused' });
    expect(await control('pause')).toMatchObject({ state: 'paused' });
    expect(await ledger.loader.run('r')).toMatchObject({
      state: 'paused',
      closedAt: null,
      slices: { planned: 40, queued: 0 },
    });
    await ledger.restart();
    await ledger.loader.sweeper.sweep(new Date());
    expect([await stopped(), await ledger.loader.open(plan('other', days('other', 1, 'backfill')))]).toMatchObject([
      ['r'],
      [{ runId: 'other' }],
    ]);
    expect(ledger.loader.publisher.sent.filter(({ runId }) => runId === 'r')).toEqual([]);

    expect(await control('resume')).toMatchObject({ state: 'open' });
    await ledger.loader.dispatcher.dispatch();
    expect([await stopped(), (await ledger.loader.run('r')).slices]).toMatchObject([[], { planned: 25, queued: 15 }]);
  });

  it('take what still comes for them while they are paused, and are done when that was all', async () => {
    const [first, ...others] = await ledger.loader.open(plan('r', days('r', 3)));
    await control('pause');
    if (!first) throw new Error('nothing was dispatched');
    await ledger.loader.answer(first, ['loaded']);
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'paused', slices: { verified: 1, planned: 2 } });
    for (const slice of others) await ledger.loader.answer(slice, ['loaded']);
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'done', slices: { verified: 3 } });
    expect(await control('resume')).toMatchObject({ state: 'done' });
    expect(await stopped()).toEqual([]);
  });

  it('are cancelled though they are paused, and stay so', async () => {
    await ledger.loader.open(backfill('r'));
    await control('pause');
    expect(await control('cancel')).toMatchObject({ state: 'cancelled' });
    expect(await control('resume')).toMatchObject({ state: 'cancelled' });
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'cancelled', slices: { cancelled: 40 } });
    expect(await control('pause', 'nobody')).toEqual({ type: 'control-run', known: false, state: null });
  });

  it('are one run for two who asked for the same, paused or not', async () => {
    await ledger.loader.open(backfill('r', 'the same'));
    await control('pause');
    const joined = await ledger.loader.ask({ type: 'open-run', plan: backfill('s', 'the same') });
    expect(joined).toMatchObject({ runId: 'r', opened: false });
    expect(await control('resume', 's')).toMatchObject({ state: 'open' });
    expect(await ledger.loader.run('s')).toMatchObject({ runId: 'r', state: 'open' });
  });

  it('leave nothing out when they are paused while they are dispatched', async () => {
    for (let round = 0; round < 5; round += 1) {
      const runId = `r${round}`;
      await ledger.loader.ask({ type: 'open-run', plan: backfill(runId) });
      await Promise.all([ledger.loader.dispatcher.dispatch(), control('pause', runId)]);
      expect(await ledger.loader.run(runId)).toMatchObject({ state: 'paused', slices: { planned: 40 } });
    }
  });

  it('tell when they will be done, by the pace of the days they closed', async () => {
    const slices = await ledger.loader.open(backfill('r'));
    expect((await ledger.loader.run('r')).eta).toBeNull();
    for (const slice of slices.slice(0, 4)) await ledger.loader.answer(slice, ['loaded']);
    const { eta } = await ledger.loader.run('r');
    expect(eta).toBeGreaterThanOrEqual(0);
    expect(eta).toBeLessThan(600);
    expect((await ledger.loader.run('r')).rate).toBeGreaterThan(0);
    await control('pause');
    expect(await ledger.loader.run('r')).toMatchObject({ eta: null, rate: null });
    const { status } = await ledger.loader.ask({ type: 'status' });
    expect(status.lanes).toEqual([
      { lane: 'live', planned: 0, queued: 0 },
      { lane: 'backfill', planned: 36, queued: 0 },
    ]);
  });

  it('know what they did lately, and of what is left as much as was listed', async () => {
    const { loader } = ledger;
    const [newest, listed, begun] = (await loader.open(backfill('r'))) as [Slice, Slice, Slice];
    await loader.answer(newest, ['loaded', 'loaded', 'rejected']);
    const [attempt, earlier] = [randomUUID(), randomUUID()];
    await loader.merge(batch(listed, earlier, ['loaded']), batch(listed, attempt, ['loaded', 'unknown']));
    await loader.closer.end(endOf(listed, attempt, 5));
    await loader.merge(batch(begun, randomUUID(), ['loaded']));
    const paceAt = (now: Date) =>
      loader.database.transaction(async (tx) => {
        const run = await tx.em.findOne(Runs, { run_id: 'r' });
        return run && runPace(tx, run, now);
      });
    const left = { open: 39, unlisted: 38, unanswered: 3, nearest: [5, 3] };
    expect(await paceAt(new Date())).toMatchObject({ ...left, closed: 1, answered: 6 });
    const later = new Date(Date.now() + 3_600_000);
    expect(await paceAt(later)).toEqual({ ...left, closed: 0, answered: 0, seconds: 900 });
  });
});

describeServed('two loaders that close the same slices at one moment', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);

  it('close each once, and their run', async () => {
    const slices = await ledger.loader.open(plan('r', days('r', 16)));
    const another = await ledger.another();
    await Promise.all(
      slices.map(async (slice) => {
        const attempt = randomUUID();
        await ledger.loader.merge(batch(slice, attempt, ['loaded', 'gone']));
        const end = endOf(slice, attempt, 2);
        await Promise.all([ledger.loader.closer.end(end), another.closer.end(end), another.closer.closeEnded()]);
      }),
    );
    await another.close();
    expect(await ledger.loader.run('r')).toMatchObject({
      state: 'done',
      loaded: 16,
      gone: 16,
      slices: { verified: 16 },
    });
  });
});
