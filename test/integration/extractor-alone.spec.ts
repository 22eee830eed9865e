import { sessionKey, type AskedSessions, type Detail } from '#contracts';

import { transform } from '../../apps/transformer/src/transform.js';
import { until } from '../support/until.js';
import { DAY, ExtractorHarness, slice } from './extractor-harness.js';

let at: ExtractorHarness;
afterEach(() => at.stop());

const alone = (why: AskedSessions['why'], ids: readonly string[], documents: Detail[] = []) =>
  slice({ kind: 'sessions', day: DAY, why, sessions: ids.map((id) => ({ id, documents })) });

describe('sessions that their day no longer lists', () => {
  test('are gone where ET has deleted them, told whole where it lists them elsewhere, else unknown', async () => {
    at = await ExtractorHarness.start({ sessions: 20, days: 1 });
    const { tenant, faults } = at.emulator;
    const [deleted = '', moved = '', hidden = ''] = tenant.ids(DAY);
    tenant.apply({ change: 'delete', ids: [deleted] });
    faults.set([{ fault: 'html', endpoint: 'session', sessionId: hidden }]);
    const end = await at.read(alone('candidates', [deleted, moved, hidden]));
    expect(end).toMatchObject({ listed: 3, countBefore: null, countAfter: null, dayOver: true });

    const told = new Map(at.sessions(end).map((session) => [session.id, session]));
    expect(told.get(deleted)).toMatchObject({ gone: expect.any(Number), documents: {}, unknown: [] });
    expect(told.get(moved)?.session).toEqual(
      JSON.parse(JSON.stringify(tenant.detail(tenant.indexOf(moved) as number))),
    );
    expect(Object.keys(told.get(moved)?.documents ?? {}).sort()).toEqual(['comments', 'scores', 'summary']);
    expect(told.get(hidden)?.unknown.map(({ document }) => document)).toEqual(['detail']);

    const answered = at.batches(end).flatMap((batch) => transform(batch).answered);
    const outcomes = answered.map(({ key, outcome, documents }) => [key, outcome, documents.length]);
    expect(outcomes.sort()).toEqual(
      [
        [deleted, 'gone', 0],
        [moved, 'loaded', 4],
        [hidden, 'unknown', 0],
      ].sort(),
    );
  }, 60_000);
});

describe('details that could not be had before', () => {
  test('are all that is asked, and become no document of the session itself', async () => {
    at = await ExtractorHarness.start({ sessions: 60, days: 1 });
    const ids = at.emulator.tenant.ids(DAY).slice(0, 50);
    const end = await at.read(alone('unknown', ids, ['summary', 'comments']));
    expect(end.listed).toBe(50);
    expect(at.emulator.stats().byEndpoint).toEqual({ login: 1, summary: 50, comments: 50 });
    const answered = at.batches(end).flatMap((batch) => transform(batch).answered);
    expect(answered.map(({ key }) => key).sort()).toEqual([...ids].sort());
    expect(new Set(answered.map(({ outcome }) => outcome))).toEqual(new Set(['loaded']));
    expect(new Set(answered.flatMap(({ documents }) => documents.map(({ document }) => document)))).toEqual(
      new Set(['summary', 'comments']),
    );
  });

  test('that are not found have their session asked after', async () => {
    at = await ExtractorHarness.start({ sessions: 20, days: 1 });
    const [there = '', deleted = ''] = at.emulator.tenant.ids(DAY);
    at.emulator.tenant.apply({ change: 'delete', ids: [deleted] });
    at.emulator.faults.set([{ fault: 'status', status: 404, endpoint: 'summary', sessionId: there }]);
    const end = await at.read(alone('unknown', [there, deleted], ['summary']));
    const told = at
      .sessions(end)
      .map((session) => [sessionKey(session), session.gone !== undefined, session.unknown.length]);
    expect(told).toEqual([
      [there, false, 1],
      [deleted, true, 0],
    ]);
  });
});

test('while ET is away single sessions wait, and then are asked for', async () => {
  at = await ExtractorHarness.start({ sessions: 20, days: 1 });
  at.emulator.faults.set([{ fault: 'reset' }]);
  await at.loader.publisher.publish('slices', 'live', alone('unknown', at.emulator.tenant.ids(DAY), ['summary']));
  await until('the slice was parked', () => at.backend.tally.read().slices.parked === 1, 60_000);
  expect([at.raw, at.ends]).toEqual([[], []]);
  at.emulator.faults.clear();
  await until('the slice has ended', () => at.ends.length > 0, 60_000);
  expect(at.raw.flatMap(({ content }) => (content.kind === 'sessions' ? content.sessions : []))).toHaveLength(20);
  expect(at.problems).toEqual([]);
}, 120_000);

describe('a stopped run', () => {
  test('has its single sessions dropped', async () => {
    at = await ExtractorHarness.start();
    at.stopped.push('run');
    await at.loader.publisher.publish('slices', 'live', alone('unknown', at.emulator.tenant.ids(DAY), ['summary']));
    await until('the slice is done', () => at.backend.tally.read().slices.done === 1);
    expect([at.ends, at.raw, at.emulator.stats().requests]).toEqual([[], [], 0]);
  });

  test('that was resumed a moment ago is read, whatever was said before', async () => {
    at = await ExtractorHarness.start();
    at.stopped.push('run');
    await at.loader.publisher.publish('slices', 'live', slice());
    await until('it was dropped', () => at.backend.tally.read().slices.done === 1);
    at.stopped.length = 0;
    expect((await at.read(slice())).listed).toBe(at.emulator.tenant.ids(DAY).length);
  });
});
