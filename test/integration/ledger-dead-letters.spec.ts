import type { DeadLetter, Envelope, Route } from '#messaging';

import {
  deadLetters,
  discardDeadLetters,
  keepDeadLetter,
  openDeadLetter,
  readAgain,
} from '../../apps/loader/src/ledger/dead-letters.js';
import { forgetBodies } from '../../apps/loader/src/ledger/forget-bodies.js';
import { describeDialects } from '../support/suites.js';
import { days, Ledger, plan } from './ledger-harness.js';

import.meta.jest.setTimeout(120_000);

const raw: Route = { stage: 'raw', lane: 'live' };

describeDialects('dead letters in the ledger', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);
  const within = <T>(work: Parameters<typeof ledger.loader.database.transaction<T>>[0]): Promise<T> =>
    ledger.loader.database.transaction(work);
  const dead = (number: number, sliceId?: string): Envelope => ({
    messageId: `message-${number}`,
    body: Buffer.from(JSON.stringify({ number, text: 'Київ' })),
    contentEncoding: undefined,
    correlationId: 'r',
    attempt: 6,
    headers: {
      'x-error': 'the work failed',
      'x-error-class': 'EtError server',
      'x-origin-service': 'transformer',
      'x-first-failed-at': '2026-10-01T10:00:00.000Z',
      'x-failed-at': `2026-10-01T10:0${number}:00.000Z`,
      ...(sliceId === undefined ? {} : { 'x-run-id': 'r', 'x-slice-id': sliceId }),
    },
  });
  const keep = (number: number, sliceId?: string, route = raw) =>
    within((tx) => keepDeadLetter(tx, route, dead(number, sliceId)));
  const list = (): Promise<DeadLetter[]> => within(deadLetters);
  const fail = (sliceId: string) =>
    ledger.loader.closer.fail({
      slice: { runId: 'r', sliceId, lane: 'live', subject: { kind: 'day', day: '2026-10-01' } },
      stage: 'raw',
      reason: 'the work failed',
    });

  it('are kept with all that is known of them, once however often they come', async () => {
    await keep(2, 'r:2026-10-01');
    await keep(1, 'r:2026-10-01');
    await keep(1, 'r:2026-10-01');
    const [first, second] = await list();
    expect(first).toEqual({
      id: expect.stringMatching(/^[\da-f]{12}$/) as string,
      ...raw,
      queue: 'etl.raw.live.v1',
      service: 'transformer',
      messageId: 'message-1',
      attempt: 6,
      reason: 'the work failed',
      errorClass: 'EtError server',
      runId: 'r',
      sliceId: 'r:2026-10-01',
      firstFailedAt: '2026-10-01T10:00:00.000Z',
      deadAt: '2026-10-01T10:01:00.000Z',
      redriven: 0,
      bytes: dead(1).body.length,
    });
    expect(second?.messageId).toBe('message-2');
    expect(await within((tx) => openDeadLetter(tx, first?.id ?? ''))).toEqual(dead(1, 'r:2026-10-01'));
    expect(await within((tx) => openDeadLetter(tx, 'none'))).toBeUndefined();
  });

  it('forget their bodies after so many days, and can still be told and read again', async () => {
    await keep(1, 'r:2026-10-01');
    const [letter] = (await list()) as [DeadLetter];
    await within((tx) => forgetBodies(tx, 30, new Date('2026-10-31T09:59:00Z')));
    expect(await within((tx) => openDeadLetter(tx, letter.id))).toBeDefined();
    await within((tx) => forgetBodies(tx, 30, new Date('2026-10-31T10:02:00Z')));
    expect(await within((tx) => openDeadLetter(tx, letter.id))).toBeUndefined();
    expect(await list()).toEqual([letter]);
  });

  it('are taken away one by one', async () => {
    await keep(1);
    await keep(2);
    const [first, second] = (await list()) as [DeadLetter, DeadLetter];
    expect(await within((tx) => discardDeadLetters(tx, [second]))).toEqual([second]);
    expect(await within((tx) => discardDeadLetters(tx, [second]))).toEqual([]);
    expect(await list()).toEqual([first]);
  });

  it('have what they are of read again, and the run goes on', async () => {
    await ledger.loader.open(plan('r', days('r', 2)));
    await fail('r:2026-10-01');
    await fail('r:2026-10-02');
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'failed', slices: { failed: 2 } });
    await keep(1, 'r:2026-10-01');
    await keep(2);
    const again = await within(async (tx) => readAgain(tx, await deadLetters(tx), new Date()));
    expect(again).toMatchObject({ runIds: ['r'], taken: [{ messageId: 'message-1' }] });
    expect((await list()).map(({ messageId }) => messageId)).toEqual(['message-2']);
    const run = await ledger.loader.run('r');
    expect(run).toMatchObject({ state: 'open', closedAt: null, slices: { failed: 1, planned: 1 } });
  });

  describe('that are sent again', () => {
    const reopen = (...sliceIds: string[]) => ledger.loader.ask({ type: 'reopen-slices', sliceIds });

    it('open the failed slices they are of, and their run, and nothing else', async () => {
      await ledger.loader.open(plan('r', days('r', 3)));
      await fail('r:2026-10-01');
      expect(await reopen('r:2026-10-01', 'r:2026-10-01', 'r:2026-10-02', 'nobody')).toMatchObject({ reopened: 1 });
      expect(await ledger.loader.run('r')).toMatchObject({ state: 'open', slices: { failed: 0, queued: 3 } });
      expect(await reopen('r:2026-10-01')).toMatchObject({ reopened: 0 });
    });

    it('open nothing of a cancelled run, and leave a paused one paused', async () => {
      await ledger.loader.open(plan('r', days('r', 2)));
      await fail('r:2026-10-01');
      await ledger.loader.ask({ type: 'control-run', runId: 'r', action: 'pause' });
      await reopen('r:2026-10-01');
      expect(await ledger.loader.run('r')).toMatchObject({ state: 'paused', slices: { failed: 0, planned: 2 } });
      await fail('r:2026-10-01');
      await ledger.loader.ask({ type: 'control-run', runId: 'r', action: 'cancel' });
      expect(await reopen('r:2026-10-01')).toMatchObject({ reopened: 0 });
      expect(await ledger.loader.run('r')).toMatchObject({ state: 'cancelled' });
    });
  });
});
