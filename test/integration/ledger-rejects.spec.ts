import { randomUUID } from 'node:crypto';

import { MOST_REJECTS, type Answered, type RejectDetail, type RowBatch, type Slice } from '#contracts';

import { forgetBodies } from '../../apps/loader/src/ledger/forget-bodies.js';
import { answeredOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { DAY, openOne } from './ledger-days.js';
import { batch, endOf, Ledger, type Loader } from './ledger-harness.js';

import.meta.jest.setTimeout(120_000);

const [good, bad, worse] = [uuidOf(1), uuidOf(2), uuidOf(3)];

describeDialects('rejects in the ledger', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);
  const loaded = (key: string, version = 1_000): Answered =>
    answeredOf(key, [sessionDocument(key, 'session', version, { sessions: [{ status: 'done' }] })]);
  const refused = (key: string, reason: string, raw = '{"id":"ї"}', version = 1_000) => ({
    answered: [answeredOf(key, [], 'rejected')],
    rejects: [{ key, reason, raw, version }],
  });
  /** A day of three sessions of which two could not be mapped. */
  const readDay = async (loader: Loader): Promise<{ slice: Slice; attempt: string }> => {
    const slice = await openOne(loader, 'r', { kind: 'day', day: DAY });
    const attempt = randomUUID();
    const answered = [loaded(good), answeredOf(bad, [], 'rejected'), answeredOf(worse, [], 'rejected')];
    const rejects = [...refused(bad, 'no start').rejects, ...refused(worse, 'no such channel', '{"cut').rejects];
    await loader.merge(batch(slice, attempt, [], { answered, rejects }));
    await loader.closer.end(endOf(slice, attempt, 3));
    return { slice, attempt };
  };
  const list = async (filter = {}) => (await ledger.loader.ask({ type: 'rejects', ...filter })).rejects;
  const open = async (id: string): Promise<RejectDetail> => {
    const { reject } = await ledger.loader.ask({ type: 'reject', id });
    if (!reject) throw new Error('no such reject');
    return reject;
  };
  const replay = ({ slice, attempt }: RejectDetail, more: Partial<RowBatch>): RowBatch => {
    const made = batch(slice, attempt, [], more);
    return { ...made, identity: { ...made.identity, replay: true } };
  };
  const figures = async () => {
    const { slices, loaded, rejected, unknown } = await ledger.loader.run('r');
    return { verified: slices.verified, unverified: slices.unverified, loaded, rejected, unknown };
  };

  it('are listed by reason, time and run, with ids that stay', async () => {
    await readDay(ledger.loader);
    const all = await list();
    expect(all.map(({ key, reason }) => [key, reason]).sort()).toEqual(
      [
        [bad, 'no start'],
        [worse, 'no such channel'],
      ].sort(),
    );
    expect(all[0]).toMatchObject({ entity: 'session', day: DAY, runId: 'r', hasRaw: true });
    expect(await list()).toEqual(all);
    expect((await list({ reason: 'CHANNEL' })).map(({ key }) => key)).toEqual([worse]);
    expect(await list({ runId: 'other' })).toEqual([]);
    expect(await list({ since: '2999-01-01T00:00:00Z' })).toEqual([]);
    expect(await list({ since: '2020-01-01T00:00:00Z' })).toHaveLength(2);
  });

  it('are told of in parts that leave none out, and by their ids', async () => {
    const slice = await openOne(ledger.loader, 'r', { kind: 'day', day: DAY });
    const keys = Array.from({ length: MOST_REJECTS + 5 }, (_, index) => uuidOf(index + 1));
    const all = keys.map((key) => refused(key, key === good ? 'no start' : 'no such channel'));
    const answered = all.flatMap((one) => one.answered);
    const rejects = all.flatMap((one) => one.rejects);
    await ledger.loader.merge(batch(slice, randomUUID(), [], { answered, rejects }));
    const first = await ledger.loader.ask({ type: 'rejects' });
    expect(first).toMatchObject({ rejects: { length: MOST_REJECTS }, total: MOST_REJECTS + 5 });
    const rest = await ledger.loader.ask({ type: 'rejects', after: first.rejects.at(-1)! });
    expect(rest).toMatchObject({ rejects: { length: 5 }, total: 5 });
    expect([...first.rejects, ...rest.rejects].map(({ key }) => key).sort()).toEqual(keys.sort());
    expect(await list({ after: rest.rejects.at(-1) })).toEqual([]);
    const ids = rest.rejects.map(({ id }) => id);
    expect(await list({ ids: [...ids, 'none'] })).toEqual(rest.rejects);
    expect((await list({ reason: 'START' })).map(({ key }) => key)).toEqual([good]);
  });

  it('open by the first digits of their id, with the raw form and the slice', async () => {
    const { slice, attempt } = await readDay(ledger.loader);
    const [{ id } = { id: '' }] = await list({ reason: 'start' });
    expect(await open(id.slice(0, 8))).toMatchObject({
      slice,
      attempt,
      form: 'raw',
      version: 1_000,
      raw: '{"id":"ї"}',
    });
    expect(await ledger.loader.ask({ type: 'reject', id, key: bad })).toMatchObject({
      ids: [id],
      reject: { key: bad },
    });
    expect(await ledger.loader.ask({ type: 'reject', id, key: good })).toMatchObject({ ids: [], reject: null });
    expect(await ledger.loader.ask({ type: 'reject', id: '' })).toMatchObject({ reject: null, ids: { length: 2 } });
    expect(await ledger.loader.ask({ type: 'reject', id: 'none' })).toMatchObject({ reject: null, ids: [] });
  });

  it('that are loaded when they are replayed are gone, and the closed day counts them as loaded', async () => {
    await readDay(ledger.loader);
    expect(await figures()).toMatchObject({ verified: 1, loaded: 1, rejected: 2 });
    const [{ id } = { id: '' }] = await list({ reason: 'start' });
    const once = replay(await open(id), { answered: [loaded(bad)] });
    await ledger.loader.merge(once, once);
    await ledger.loader.merge(once);
    expect((await list()).map(({ key }) => key)).toEqual([worse]);
    expect(await figures()).toMatchObject({ verified: 1, loaded: 2, rejected: 1 });
    await ledger.loader.sweeper.sweep(new Date());
    expect(await ledger.loader.count('etl_keys')).toBe(0);
  });

  it('that are rejected again by a replay keep their id, and tell the new reason', async () => {
    await readDay(ledger.loader);
    const [{ id } = { id: '' }] = await list({ reason: 'start' });
    await ledger.loader.merge(replay(await open(id), refused(bad, 'still no start')));
    expect(await open(id)).toMatchObject({ reason: 'still no start' });
    expect(await figures()).toMatchObject({ loaded: 1, rejected: 2 });
  });

  it('that lack a detail when they are replayed leave their day unverified until it is had', async () => {
    await readDay(ledger.loader);
    const [{ id } = { id: '' }] = await list({ reason: 'start' });
    const unknown = [{ document: 'scores' as const, reason: '403' }];
    await ledger.loader.merge(replay(await open(id), { answered: [{ ...loaded(bad), outcome: 'unknown', unknown }] }));
    expect(await figures()).toMatchObject({ verified: 0, unverified: 1, unknown: 1, rejected: 1 });
    const { gaps } = await ledger.loader.ask({ type: 'gaps', today: '2026-10-02' });
    expect(gaps).toMatchObject({ days: [{ day: DAY, onlyDetails: true }], unknown: [{ id: bad, document: 'scores' }] });
  });

  it('let a slice that is still open close with them loaded', async () => {
    const slice = await openOne(ledger.loader, 'r', { kind: 'day', day: DAY });
    const attempt = randomUUID();
    await ledger.loader.merge(batch(slice, attempt, [], refused(bad, 'no start')));
    const [{ id } = { id: '' }] = await list();
    await ledger.loader.merge(replay(await open(id), { answered: [loaded(bad)] }));
    await ledger.loader.closer.end(endOf(slice, attempt, 1));
    expect(await figures()).toMatchObject({ verified: 1, loaded: 1, rejected: 0 });
  });

  it('forget their raw forms after so many days', async () => {
    await readDay(ledger.loader);
    const forget = (days: number) =>
      ledger.loader.database.transaction((tx) => forgetBodies(tx, days, new Date(Date.now() + 86_400_000)));
    await forget(2);
    expect((await list()).map(({ hasRaw }) => hasRaw)).toEqual([true, true]);
    await forget(1);
    const [reject] = await list();
    expect(reject).toMatchObject({ hasRaw: false });
    expect(await open(reject?.id ?? '')).toMatchObject({ raw: null, reason: reject?.reason });
  });

  it('end as well where a newer answer is loaded, whichever comes first, and never by an older one', async () => {
    const slice = await openOne(ledger.loader, 'r', { kind: 'day', day: DAY });
    const [one, two] = [randomUUID(), randomUUID()];
    await ledger.loader.merge(batch(slice, one, [], { answered: [loaded(bad, 999)] }));
    await ledger.loader.merge(batch(slice, one, [], refused(bad, 'no start')));
    expect(await list()).toHaveLength(1);
    await ledger.loader.merge(batch(slice, two, [], { answered: [loaded(bad, 1_001), loaded(worse, 1_001)] }));
    expect(await list()).toEqual([]);
    await ledger.loader.merge(batch(slice, one, [], refused(worse, 'no start'), 7));
    expect(await list()).toEqual([]);
  });

  it('that the database itself refused hold what the transformer answered', async () => {
    const slice = await openOne(ledger.loader, 'r', { kind: 'day', day: DAY });
    const answered = answeredOf(bad, [sessionDocument(bad, 'session', 5, { sessions: [{ id: good }] })], 'loaded');
    await ledger.loader.merge(batch(slice, randomUUID(), [], { answered: [answered] }));
    const [{ id } = { id: '' }] = await list();
    const reject = await open(id);
    expect(reject).toMatchObject({ form: 'rows', version: 5 });
    expect(JSON.parse(reject.raw ?? '')).toEqual(answered);
  });
});
