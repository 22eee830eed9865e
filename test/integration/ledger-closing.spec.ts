import { randomUUID } from 'node:crypto';

import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { batch, days, endOf, Ledger, plan } from './ledger-harness.js';

import.meta.jest.setTimeout(60_000);

describeDialects('closing slices', suite);

function suite(dialect: Dialect): void {
  const ledger = Ledger.forEachTest(dialect);

  it('verifies a day whose every key is answered for, with its figures, and forgets the keys', async () => {
    const slice = await ledger.loader.openDay('r');
    const attempt = randomUUID();
    const noted = { unknownFields: { 'sessions.mood': 2 }, cleaned: { nul: 1, surrogates: 0 } };
    await ledger.loader.merge(batch(slice, attempt, ['loaded', 'rejected'], noted));
    await ledger.loader.merge(batch(slice, attempt, ['gone'], noted, 2));
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'open', answered: 3, loaded: 1, rejected: 1, gone: 1 });
    await ledger.loader.closer.end(endOf(slice, attempt, 3));
    const run = await ledger.loader.run('r');
    expect(run).toMatchObject({ state: 'done', listed: 3, answered: 3, loaded: 1, rejected: 1, gone: 1, unknown: 0 });
    expect(run).toMatchObject({
      unknownFields: { 'sessions.mood': 4 },
      cleaned: { nul: 2, surrogates: 0 },
      problems: [],
    });
    expect(run.slices.verified).toBe(1);
    expect([
      await ledger.loader.count('etl_keys'),
      await ledger.loader.count('etl_inbox'),
      await ledger.loader.count('etl_ends'),
    ]).toEqual([0, 0, 0]);
  });

  it('always closes when the last batch and the end come at one moment', async () => {
    const slices = await ledger.loader.open(plan('r', days('r', 16)));
    await Promise.all(
      slices.flatMap((slice) => {
        const attempt = randomUUID();
        return [
          ledger.loader.merge(batch(slice, attempt, ['loaded'])),
          ledger.loader.closer.end(endOf(slice, attempt, 1)),
        ];
      }),
    );
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'done', loaded: 16, slices: { verified: 16 } });
  });

  it('waits for the attempt that ended, whatever other attempts answered', async () => {
    const slice = await ledger.loader.openDay('r');
    const [ended, other] = [randomUUID(), randomUUID()];
    await ledger.loader.merge(batch(slice, other, ['loaded', 'loaded']));
    await ledger.loader.closer.end(endOf(slice, ended, 2));
    expect((await ledger.loader.run('r')).state).toBe('open');
    await ledger.loader.merge(batch(slice, ended, ['loaded']));
    expect((await ledger.loader.run('r')).state).toBe('open');
    await ledger.loader.merge(batch(slice, ended, ['loaded'], {}, 1));
    expect((await ledger.loader.run('r')).slices.verified).toBe(1);
  });

  it('says why a day is not verified, and keeps what details are missing', async () => {
    const slice = await ledger.loader.openDay('r');
    const attempt = randomUUID();
    await ledger.loader.merge(batch(slice, attempt, ['unknown', 'loaded']));
    await ledger.loader.closer.end(endOf(slice, attempt, 2));
    expect(await ledger.loader.run('r')).toMatchObject({
      state: 'done',
      problems: [{ sliceId: slice.sliceId, state: 'unverified', reason: 'details of 1 could not be had' }],
    });
    expect(await ledger.loader.count('etl_unknown')).toBe(1);
  });

  it('changes nothing when everything comes once more, and sweeps away what that leaves', async () => {
    const slice = await ledger.loader.openDay('r');
    const attempt = randomUUID();
    const first = batch(slice, attempt, ['loaded']);
    await ledger.loader.merge(first);
    await ledger.loader.closer.end(endOf(slice, attempt, 1));
    const before = await ledger.loader.run('r');
    await ledger.loader.merge(first);
    await ledger.loader.closer.end(endOf(slice, attempt, 1));
    await ledger.loader.merge(batch(slice, attempt, ['unknown'], {}, 7));
    expect(await ledger.loader.run('r')).toEqual(before);
    expect(await ledger.loader.count('etl_inbox')).toBe(2);
    await ledger.loader.sweeper.sweep(new Date());
    expect([await ledger.loader.count('etl_keys'), await ledger.loader.count('etl_inbox')]).toEqual([0, 0]);
    expect(await ledger.loader.run('r')).toEqual(before);
  });

  it('fails a slice for a dead letter, and mends the run when a late attempt answers for it', async () => {
    const slice = await ledger.loader.openDay('r');
    await ledger.loader.closer.fail({ slice, stage: 'raw', reason: 'broken' });
    expect(await ledger.loader.run('r')).toMatchObject({
      state: 'failed',
      problems: [{ state: 'failed', reason: 'broken' }],
    });
    await ledger.loader.answer(slice, ['loaded']);
    expect(await ledger.loader.run('r')).toMatchObject({
      state: 'done',
      slices: { failed: 0, verified: 1 },
      problems: [],
    });
    await ledger.loader.closer.fail({ slice, stage: 'raw', reason: 'too late' });
    expect(await ledger.loader.run('r')).toMatchObject({ state: 'done', slices: { verified: 1 } });
  });

  it('drops the end of a slice it does not know', async () => {
    const slice = await ledger.loader.openDay('r');
    await ledger.loader.closer.end(endOf({ ...slice, sliceId: 'another' }, randomUUID(), 0));
    expect(await ledger.loader.count('etl_ends')).toBe(0);
  });

  it('closes by the sweep what a crash between commit and closing left', async () => {
    const slice = await ledger.loader.openDay('r');
    const attempt = randomUUID();
    await ledger.loader.closer.end(endOf(slice, attempt, 1));
    await mergeBatches(ledger.loader.database, [batch(slice, attempt, ['loaded'])], new Date());
    expect((await ledger.loader.run('r')).state).toBe('open');
    await ledger.loader.sweeper.sweep(new Date());
    expect((await ledger.loader.run('r')).state).toBe('done');
  });
}
