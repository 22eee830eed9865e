import { randomUUID } from 'node:crypto';

import { dictionaries, sessionKey, type SliceEnd } from '#contracts';

import { TRIES } from '../../apps/extractor/src/et/backoff.js';
import { EtClient } from '../../apps/extractor/src/et/client.js';
import { listDay } from '../../apps/extractor/src/listing/day.js';
import { until } from '../support/until.js';
import { DAY, ExtractorHarness, settingsFor, slice } from './extractor-harness.js';

let at: ExtractorHarness;
afterEach(() => at.stop());

describe('slices', () => {
  test('a day is listed whole, with every detail as ET tells it', async () => {
    at = await ExtractorHarness.start({ sessions: 400, days: 2 });
    const { tenant } = at.emulator;
    const end = await at.read(slice());
    const ids = tenant.ids(DAY);
    expect(end).toMatchObject({ listed: ids.length, countBefore: ids.length, countAfter: ids.length });
    expect(at.keys(end)).toEqual([...ids].sort());
    for (const session of at.sessions(end)) {
      const index = tenant.indexOf(session.id) as number;
      expect(session.unknown).toEqual([]);
      expect(session.session).toEqual(JSON.parse(JSON.stringify(tenant.session(index))));
      expect(session.documents.summary?.body).toEqual(tenant.summary(index));
      expect(session.documents.scores?.body).toEqual(tenant.scores(index));
      expect(session.documents.comments?.body).toEqual(tenant.comments(index));
    }
    const { byEndpoint, logins } = at.emulator.stats();
    expect(logins).toBe(1);
    expect(byEndpoint.scores).toBeLessThan(ids.length);
    expect(byEndpoint.comments).toBeLessThan(ids.length);
  });

  test('transcripts and the session by itself are asked for where the settings say so', async () => {
    at = await ExtractorHarness.start({}, { details: ['transcripts', 'detail'] });
    const end = await at.read(slice());
    for (const { documents } of at.sessions(end))
      expect(Object.keys(documents).sort()).toEqual(['detail', 'transcripts']);
    expect(at.raw[0]?.content).toMatchObject({ detailOwnsInfo: true });
  });

  test('pages hold at most 50 sessions', async () => {
    at = await ExtractorHarness.start({ sessions: 130, days: 1 });
    const batches = at.batches(await at.read(slice()));
    const sizes = [0, 1, 2].map((page) =>
      batches
        .filter(({ identity }) => identity.page === page)
        .reduce((sum, { content }) => sum + (content.kind === 'sessions' ? content.sessions.length : 0), 0),
    );
    expect(sizes).toEqual([50, 50, 30]);
  });

  test.each(dictionaries)('%s are read whole, however few items ET gives at a time', async (dictionary) => {
    at = await ExtractorHarness.start({ maxLimit: 7, listsUserZero: false });
    const end = await at.read(slice({ kind: 'dictionary', dictionary }));
    const known = at.emulator.tenant.dictionaries[dictionary].length + (dictionary === 'users' ? 1 : 0);
    expect([end.listed, at.keys(end).length, end.countBefore]).toEqual([known, known, null]);
  });

  test('every attempt is new, and its versions are later', async () => {
    at = await ExtractorHarness.start();
    const [first, second] = [await at.read(slice()), await at.read(slice())];
    expect(second.attempt).not.toBe(first.attempt);
    const versions = (end: SliceEnd) => at.sessions(end).map(({ version }) => version);
    expect(Math.min(...versions(second))).toBeGreaterThan(Math.max(...versions(first)));
  });

  test('a filter and a limit narrow the listing', async () => {
    at = await ExtractorHarness.start({ sessions: 200, days: 1 });
    const manual = await at.read(slice({ filters: 'is_scored,manual' }));
    expect(manual.listed).toBeGreaterThan(0);
    expect(manual.listed).toBeLessThan(200);
    expect(await at.read(slice({ limit: 60 }))).toMatchObject({ listed: 60, countBefore: null, countAfter: null });
  });

  test('today is read, and said not to be over', async () => {
    at = await ExtractorHarness.start();
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Kyiv' }).format(new Date());
    expect((await at.read(slice({ day: today }))).dayOver).toBe(false);
    expect((await at.read(slice())).reason).toBeUndefined();
  });
});

describe('what goes wrong on the way', () => {
  test.each(['minute', 'exact'] as const)(
    'a day beyond the cap is cut and counted, bounds being %s',
    async (bounds) => {
      const lastMinute = { day: DAY, hour: 23, minute: 59, sessions: 40 };
      at = await ExtractorHarness.start({ sessions: 900, days: 1, cap: 120, crowds: [lastMinute], bounds });
      const client = new EtClient(settingsFor(at.emulator).et);
      const steps = [];
      for await (const step of listDay(client, { day: DAY }, { lane: 'live' }, 120)) steps.push(step);
      client.close();
      expect(steps.at(-1)).toMatchObject({ kind: 'end', listed: 900, countBefore: 900, countAfter: 900 });
      expect(at.emulator.stats().listings.some((listing) => listing.includes('||12:00,23:59'))).toBe(true);
    },
  );

  test('bursts of every fault lose nothing', async () => {
    at = await ExtractorHarness.start({ sessions: 200, days: 1, latencyMs: 1 });
    at.emulator.faults.set([
      { fault: 'status', status: 503, probability: 0.05 },
      { fault: 'status', status: 429, probability: 0.02, retryAfter: 0.05 },
      { fault: 'reset', probability: 0.03 },
      { fault: 'truncated', probability: 0.02 },
      { fault: 'html', probability: 0.02 },
      { fault: 'slow', probability: 0.02, ms: 20 },
    ]);
    const end = await at.read(slice());
    expect(at.keys(end)).toEqual([...at.emulator.tenant.ids(DAY)].sort());
    expect(at.sessions(end).flatMap(({ unknown }) => unknown)).toEqual([]);
    const faults = Object.values(at.emulator.stats().faults).reduce((sum, count) => sum + count, 0);
    expect(faults).toBeGreaterThan(10);
  }, 60_000);

  test('a session left out of a page, or put in while paging, is found', async () => {
    at = await ExtractorHarness.start({ sessions: 1200, days: 1 }, { details: [] });
    at.emulator.faults.set([
      { fault: 'missing-item', endpoint: 'sessions', count: 1 },
      { fault: 'inserted', endpoint: 'sessions', count: 1, after: 1 },
    ]);
    const end = await at.read(slice());
    expect(at.keys(end)).toEqual([...at.emulator.tenant.ids(DAY)].sort());
    expect(end).toMatchObject({ listed: 1201, countBefore: 1201, countAfter: 1201 });
  });

  test('empty pages of a day that is not empty are told as a mismatch', async () => {
    at = await ExtractorHarness.start();
    at.emulator.faults.set([{ fault: 'empty-page', endpoint: 'sessions' }]);
    const end = await at.read(slice());
    expect([end.listed, end.countAfter]).toEqual([0, at.emulator.tenant.ids(DAY).length]);
  });

  test.each([403, 500])(
    'a detail that always answers %i is unknown, and nothing else is',
    async (status) => {
      at = await ExtractorHarness.start({ sessions: 20, days: 1 });
      const sessionId = at.emulator.tenant.ids(DAY)[3] as string;
      at.emulator.faults.set([{ fault: 'status', status, endpoint: 'summary', sessionId }]);
      const unknown = at.sessions(await at.read(slice())).filter((session) => session.unknown.length > 0);
      const told = unknown.map((session) => [sessionKey(session), session.unknown.map(({ document }) => document)]);
      expect(told).toEqual([[sessionId, ['summary']]]);
    },
    60_000,
  );

  test('a session deleted between listing and details is gone', async () => {
    at = await ExtractorHarness.start({ sessions: 20, days: 1 });
    const { tenant } = at.emulator;
    const sessions = tenant.ids(DAY).map((id) => ({ id, session: tenant.session(tenant.indexOf(id) as number) }));
    const deleted = sessions[0]?.id as string;
    tenant.apply({ change: 'delete', ids: [deleted] });
    const page = { slice: slice(), attempt: randomUUID(), page: 0, version: 1, sessions };
    await at.loader.publisher.publish('pages', 'live', page);
    await until('its details are here', () => at.raw.length > 0);
    const answered = at.raw.flatMap(({ content }) => (content.kind === 'sessions' ? content.sessions : []));
    expect(answered.filter(({ gone }) => gone !== undefined).map(sessionKey)).toEqual([deleted]);
  });

  test('while ET is away everything waits, and then goes on', async () => {
    at = await ExtractorHarness.start({ sessions: 20, days: 1 });
    at.emulator.faults.set([{ fault: 'reset' }]);
    await at.loader.publisher.publish('slices', 'live', slice());
    await until('the slice was parked', () => at.backend.tally.read().slices.parked === 1);
    at.emulator.faults.clear();
    await until('the slice has ended', () => at.ends.length > 0);
    expect([at.ends[0]?.listed, at.problems]).toEqual([20, []]);
  }, 60_000);

  test('details that failed just before ET came back are asked for once more', async () => {
    at = await ExtractorHarness.start({ sessions: 20, days: 1 });
    const sessionId = at.emulator.tenant.ids(DAY)[3] as string;
    at.emulator.faults.set([{ fault: 'status', status: 503, endpoint: 'summary', sessionId, count: TRIES }]);
    const end = await at.read(slice());
    expect(at.sessions(end).flatMap(({ unknown }) => unknown)).toEqual([]);
    expect(at.emulator.stats().faults).toMatchObject({ status: TRIES });
  }, 60_000);

  test('pages wait where ET goes away after the listing', async () => {
    at = await ExtractorHarness.start({ sessions: 20, days: 1 });
    at.emulator.faults.set([
      { fault: 'reset', endpoint: ['scores', 'summary', 'comments'] },
      { fault: 'reset', endpoint: 'sessions', after: 1 },
    ]);
    await at.loader.publisher.publish('slices', 'live', slice());
    await until('the page was parked', () => at.backend.tally.read().pages.parked === 1);
    at.emulator.faults.clear();
    await until('its details are here', () => at.raw.length > 0);
    const sessions = at.raw.flatMap(({ content }) => (content.kind === 'sessions' ? content.sessions : []));
    expect([sessions.length, sessions.flatMap(({ unknown }) => unknown)]).toEqual([20, []]);
  }, 60_000);

  test('a filter ET does not understand fails its slice at once', async () => {
    at = await ExtractorHarness.start();
    await at.loader.publisher.publish('slices', 'live', slice({ filters: 'nonsense,1' }));
    await until('the problem is told', () => at.problems.length > 0);
    const { slice: failed, reason } = at.problems[0]!;
    expect([failed.sliceId, reason]).toEqual([`run:${DAY}`, expect.stringContaining('filters')]);
  });
});
