import { randomUUID } from 'node:crypto';

import { secondsBefore } from '../../apps/loader/src/ledger/instants.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { batch, days, HOUR, Ledger, Loader, plan, type KnownQueues } from './ledger-harness.js';

import.meta.jest.setTimeout(60_000);

describeDialects('the ledger', suite);

function suite(dialect: Dialect): void {
  const ledger = Ledger.forEachTest(dialect);

  describe('opening a run', () => {
    it('stores it once however often and however at once it is asked for', async () => {
      const ask = () => ledger.loader.ask({ type: 'open-run', plan: plan('r', days('r', 3)) });
      const answers = await Promise.all(Array.from({ length: 5 }, ask));
      expect(answers.map(({ runId }) => runId)).toEqual(Array(5).fill('r'));
      expect(answers.filter(({ opened }) => opened)).toHaveLength(1);
      const { state, slices } = await ledger.loader.run('r');
      expect([state, slices.planned + slices.queued]).toEqual(['open', 3]);
    });

    it('joins an unfinished run of the same request, and none that is finished', async () => {
      const ask = (runId: string) =>
        ledger.loader.ask({ type: 'open-run', plan: plan(runId, days(runId, 1), { request: 'range 2026-10-01' }) });
      const [one, other] = await Promise.all([ask('a'), ask('b')]);
      expect(one.runId).toBe(other.runId);
      expect([one.opened, other.opened].sort()).toEqual([false, true]);
      const joined = one.opened ? 'b' : 'a';
      expect(await ask(joined)).toMatchObject({ runId: one.runId, opened: false });
      expect((await ledger.loader.run(joined)).runId).toBe(one.runId);

      await ledger.loader.dispatcher.dispatch();
      for (const slice of ledger.loader.publisher.sent) await ledger.loader.answer(slice, ['loaded']);
      expect(await ask('c')).toMatchObject({ runId: 'c', opened: true });
    });

    it('closes a run without slices at once', async () => {
      await ledger.loader.open(plan('empty', []));
      const run = await ledger.loader.run('empty');
      expect([run.state, run.closedAt]).toEqual(['done', expect.any(String)]);
    });

    it('takes a plan of years in one go', async () => {
      await ledger.loader.open(plan('long', days('long', 1_500, 'backfill')));
      const { slices } = await ledger.loader.run('long');
      expect([slices.queued, slices.planned]).toEqual([16, 1_484]);
    });
  });

  describe('dispatch', () => {
    it('never has more than 16 of a lane out, and sends none twice, whoever sends', async () => {
      const others = Array.from({ length: 9 }, () => new Loader(ledger.loader.database));
      const all = [ledger.loader, ...others];
      await ledger.loader.ask({ type: 'open-run', plan: plan('r', [...days('r', 40), ...days('b', 40, 'backfill')]) });
      await Promise.all(all.map(({ dispatcher }) => dispatcher.dispatch()));
      const sent = () => all.flatMap(({ publisher }) => publisher.sent);
      expect(sent().filter(({ lane }) => lane === 'live')).toHaveLength(16);
      expect(sent().filter(({ lane }) => lane === 'backfill')).toHaveLength(16);

      const live = sent().filter(({ lane }) => lane === 'live');
      await Promise.all(live.slice(0, 5).map((slice) => ledger.loader.answer(slice, ['loaded'])));
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
      const sent = await ledger.loader.open(plan('r', [...days('r', 3), agents]));
      expect(sent.map(({ sliceId }) => sliceId)).toEqual(['r:agents', 'r:2026-10-03', 'r:2026-10-02', 'r:2026-10-01']);
    });

    it('sends again what a loader died over before the broker had it', async () => {
      const { loader } = ledger;
      const sent = await loader.open(plan('r', days('r', 3)));
      const killed = (seconds: number) =>
        loader.database.transaction((tx) =>
          tx.run(
            `update etl_slices set sending_at = '${secondsBefore(new Date(), seconds)}' where slice_id = 'r:2026-10-02'`,
          ),
        );
      await killed(5);
      await loader.dispatcher.dispatch();
      expect(loader.publisher.sent).toEqual(sent);
      await killed(30);
      await loader.dispatcher.dispatch();
      await loader.dispatcher.dispatch();
      expect(loader.publisher.sent.slice(sent.length).map(({ sliceId }) => sliceId)).toEqual(['r:2026-10-02']);
    });

    it('plans again what the broker did not take', async () => {
      ledger.loader.publisher.away = true;
      expect(await ledger.loader.open(plan('r', days('r', 2)))).toEqual([]);
      expect((await ledger.loader.run('r')).slices.planned).toBe(2);
      ledger.loader.publisher.away = false;
      await ledger.loader.dispatcher.dispatch();
      expect(ledger.loader.publisher.sent).toHaveLength(2);
    });
  });

  it('cancels a run with all that is open, for good', async () => {
    const [done, late] = await ledger.loader.open(plan('r', days('r', 20)));
    if (!done || !late) throw new Error('nothing was dispatched');
    await ledger.loader.answer(done, ['loaded']);
    const cancel = (runId: string) => ledger.loader.ask({ type: 'control-run', runId, action: 'cancel' });
    expect(await cancel('r')).toMatchObject({ known: true, state: 'cancelled' });
    expect(await cancel('nobody')).toMatchObject({ known: false, state: null });
    expect((await ledger.loader.ask({ type: 'stopped-runs' })).runIds).toEqual(['r']);
    await ledger.loader.answer(late, ['loaded']);
    await ledger.loader.dispatcher.dispatch();
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'cancelled', slices: { cancelled: 19, verified: 1 } });
  });

  it('has runs of more slices than a statement takes parameters', async () => {
    await ledger.loader.open(plan('r', days('r', 2_500, 'backfill'), { kind: 'backfill' }));
    const run = await ledger.loader.run('r');
    expect(run.slices).toMatchObject({ planned: 2_484, queued: 16 });
    const control = { type: 'control-run', runId: 'r', action: 'cancel' } as const;
    expect(await ledger.loader.ask(control)).toMatchObject({ state: 'cancelled' });
    expect((await ledger.loader.run('r')).slices.cancelled).toBe(2_500);
  });

  it('sends a silent slice again three times, then fails it', async () => {
    await ledger.loader.open(plan('r', days('r', 1)));
    for (let hours = 1; hours <= 4; hours += 1) {
      expect((await ledger.loader.run('r')).slices.queued).toBe(1);
      await ledger.loader.sweeper.sweep(new Date(Date.now() + hours * (HOUR + 60_000)));
      await ledger.loader.dispatcher.dispatch();
    }
    expect(ledger.loader.publisher.sent).toHaveLength(4);
    expect(await ledger.loader.run('r')).toMatchObject({
      state: 'failed',
      problems: [{ reason: expect.stringContaining('3 times') }],
    });
  });

  it.each<[string, (queues: KnownQueues) => void]>([
    ['its message waits for an ET that is away', (queues) => (queues.depths = [{ stage: 'slices', work: 1 }])],
    ['what was read of it waits for a transformer', (queues) => (queues.depths = [{ stage: 'raw', again: 1 }])],
    ['nobody can tell, for the broker is away', (queues) => (queues.away = true)],
  ])('leaves a slice alone, however long, while %s', async (_why, hold) => {
    const { loader } = ledger;
    await loader.open(plan('r', days('r', 1)));
    const at = (hours: number) => loader.sweeper.sweep(new Date(Date.now() + hours * (HOUR + 60_000)));
    hold(loader.queues);
    for (let hours = 1; hours <= 9; hours += 1) await at(hours);
    Object.assign(loader.queues, { depths: [{ lane: 'backfill', wait: 1 }], away: false });
    await at(9.5);
    await loader.dispatcher.dispatch();
    expect(loader.publisher.sent).toHaveLength(1);
    // An hour without any message of its lane, and it is lost.
    await at(10.1);
    await loader.dispatcher.dispatch();
    expect(loader.publisher.sent).toHaveLength(2);
  });

  it('leaves a slice alone while batches come', async () => {
    const slice = await ledger.loader.openDay('r');
    await ledger.loader.merge(batch(slice, randomUUID(), ['loaded']));
    await ledger.loader.database.transaction((tx) =>
      tx.run(`update etl_slices set moved_at = '2026-01-01 00:00:00.000000'`),
    );
    await ledger.loader.sweeper.sweep(new Date());
    await ledger.loader.dispatcher.dispatch();
    expect(ledger.loader.publisher.sent).toHaveLength(1);
  });

  it('goes on with what an embedded process before it had out', async () => {
    const sent = await ledger.loader.open(plan('r', days('r', 3)));
    await ledger.restart();
    await ledger.loader.dispatcher.dispatch();
    expect(ledger.loader.publisher.sent).toEqual(sent);
  });
}

it('throws instead of waiting for a database that is away, where one process does it all', async () => {
  const nobody = { host: '127.0.0.1', port: 1, user: 'etl', password: 'etl', database: 'etl', schema: 'public' };
  const away = {
    dialect: 'postgresql',
    ...nobody,
    ssl: false,
    tlsVerify: true,
    pool: 1,
    statementTimeout: 300,
    applicationName: 'et-etl test',
  } as const;
  await expect(Loader.open(away)).rejects.toThrow('is the database running');
});
