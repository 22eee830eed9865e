import { dictionaries } from '#contracts';
import { SchedulerRegistry } from '@nestjs/schedule';

import { checkEt } from '../../apps/extractor/src/et/check.js';
import { EtClient } from '../../apps/extractor/src/et/client.js';
import { dayAt } from '../../apps/extractor/src/planning/days.js';
import { laneOf } from '../../apps/extractor/src/planning/slices.js';
import { RunOpener } from '../../apps/extractor/src/run-opener.js';
import { Schedule } from '../../apps/extractor/src/schedule.js';
import { until } from '../support/until.js';
import { DAY, ExtractorHarness, settingsFor, slice } from './extractor-harness.js';

let at: ExtractorHarness;
afterEach(() => at.stop());

describe('runs', () => {
  test('a sync asks for the ledger and the categories, and opens the daily run', async () => {
    at = await ExtractorHarness.start();
    const { tenant } = at.emulator;
    const newest = '2027-01-01T00:00:00.000000';
    const id = Number(tenant.dictionaries.categories[0]?.['id']);
    tenant.apply({ change: 'update-item', dictionary: 'categories', id, fields: { updated_at: newest } });
    await at.loader.publisher.publish('commands', null, { type: 'sync', runId: 'mine' });
    await until('the run is opened', () => at.plans.length > 0);
    expect(at.plans[0]).toMatchObject({ runId: 'mine', kind: 'sync', categoriesWatermark: newest });
    expect(at.plans[0]?.slices).toHaveLength(dictionaries.length + 30);
  });

  test('a backfill without an id takes the id of its message', async () => {
    at = await ExtractorHarness.start();
    const command = { type: 'backfill', from: '2026-01-01', to: '2026-01-03', force: false } as const;
    await at.loader.publisher.publish('commands', null, command);
    await until('the run is opened', () => at.plans.length > 0);
    expect(at.plans[0]?.runId).toMatch(/^[\da-f-]{36}$/);
    expect(at.plans[0]?.slices.filter(({ lane }) => lane === 'backfill')).toHaveLength(3);
  });

  test('a command that makes no sense is dead-lettered at once', async () => {
    at = await ExtractorHarness.start();
    const command = { type: 'backfill', from: '2999-01-01', to: '2999-01-03', force: false } as const;
    await at.loader.publisher.publish('commands', null, command);
    await until('it is dead', () => at.backend.tally.read().commands.dead === 1);
    expect(at.plans).toEqual([]);
  });

  test('a test takes the newest sessions, as many as asked for', async () => {
    at = await ExtractorHarness.start({ sessions: 100, days: 5 });
    const request = { kind: 'test', limit: 45, from: '2026-11-01', to: DAY } as const;
    await at.extractor.get(RunOpener, { strict: false }).openRun(request);
    const days = at.plans[0]?.slices.flatMap(({ subject }) => (subject.kind === 'day' ? [subject] : [])) ?? [];
    expect(days.reduce((sum, { limit }) => sum + (limit ?? 0), 0)).toBe(45);
    expect(days[0]?.day).toBe(DAY);
  });

  test('a heal asks what is missing, and opens a run of exactly that', async () => {
    at = await ExtractorHarness.start();
    const gap = { day: DAY, state: 'failed', reason: 'why', readAt: null, onlyDetails: false } as const;
    at.gaps.days.push(gap);
    await at.loader.publisher.publish('commands', null, { type: 'heal', allowDeletes: false, runId: 'mine' });
    await until('the run is opened', () => at.plans.length > 0);
    const lane = laneOf(DAY, dayAt(new Date(), 'Europe/Kyiv'));
    expect(at.plans).toMatchObject([
      { runId: 'mine', kind: 'heal', slices: [{ sliceId: `mine:${DAY}`, lane, subject: { kind: 'day', day: DAY } }] },
    ]);
    expect(at.emulator.stats().requests).toBe(0);
  });

  test.each(['pause', 'cancel'] as const)('%s is passed on, and what belongs to the run is dropped', async (type) => {
    at = await ExtractorHarness.start();
    await at.loader.publisher.publish('commands', null, { type, runId: 'run' });
    await until('the run is stopped', () => at.stopped.includes('run'));
    await at.loader.publisher.publish('slices', 'live', slice());
    await until('the slice is done', () => at.backend.tally.read().slices.done === 1);
    expect([at.ends, at.raw, at.emulator.stats().requests]).toEqual([[], [], 0]);
  });

  test('a run that is resumed is read', async () => {
    at = await ExtractorHarness.start();
    at.stopped.push('run');
    await at.loader.publisher.publish('commands', null, { type: 'resume', runId: 'run' });
    await until('the run is resumed', () => at.stopped.length === 0);
    expect((await at.read(slice())).listed).toBe(at.emulator.tenant.ids(DAY).length);
  });

  test.each(['pause', 'resume', 'cancel'] as const)('a %s of a run nobody knows is dead-lettered', async (type) => {
    at = await ExtractorHarness.start();
    await at.loader.publisher.publish('commands', null, { type, runId: 'no such run' });
    await until('it is dead', () => at.backend.tally.read().commands.dead === 1);
    expect(at.stopped).toEqual([]);
  });

  test('a run is stopped within two seconds in the middle of a listing', async () => {
    at = await ExtractorHarness.start({ sessions: 20_000, days: 1, maxLimit: 50, latencyMs: 20 }, { details: [] });
    await at.loader.publisher.publish('slices', 'live', slice());
    await until('sessions come', () => at.raw.length > 0);
    const stoppedAt = performance.now();
    at.stopped.push('run');
    await until('the slice is dropped', () => at.backend.tally.read().slices.done === 1);
    expect(performance.now() - stoppedAt).toBeLessThan(2000);
    expect(at.ends).toEqual([]);
  }, 60_000);

  test('a run is stopped within two seconds in the middle of a page, and no request is sent after that', async () => {
    at = await ExtractorHarness.start({ sessions: 50, days: 1, latencyMs: 900 }, { concurrency: 4 });
    await at.loader.publisher.publish('slices', 'live', slice());
    await until('details are asked for', () => (at.emulator.stats().byEndpoint.scores ?? 0) > 0);
    const stoppedAt = performance.now();
    at.stopped.push('run');
    await until('the page is dropped', () => at.backend.tally.read().pages.done === 1);
    expect(performance.now() - stoppedAt).toBeLessThan(2000);
    const { requests } = at.emulator.stats();
    await until('the last one is answered', () => at.emulator.stats().inFlight === 0);
    expect([requests < 30, at.emulator.stats().requests, at.raw]).toEqual([true, requests, []]);
  }, 60_000);
});

describe('the schedule', () => {
  test('opens the run of the latest tick once, and none the ledger already has', async () => {
    at = await ExtractorHarness.start({}, {}, true);
    const schedule = at.extractor.get(Schedule, { strict: false });
    expect(at.extractor.get(SchedulerRegistry, { strict: false }).getIntervals()).toHaveLength(1);
    await Promise.all([schedule.look(), schedule.look()]);
    await schedule.look();
    expect(at.plans.map(({ kind }) => kind)).toEqual(['scheduled']);
    const { runId, tick = '' } = at.plans[0]!;
    expect(runId).toBe(`scheduled-${tick}`);
    expect(Date.now() - Date.parse(tick)).toBeLessThan(25 * 3_600_000);
  });

  test('leaves a tick alone that another replica has opened, and looks again where ET is away', async () => {
    at = await ExtractorHarness.start({}, {}, true);
    const schedule = at.extractor.get(Schedule, { strict: false });
    at.emulator.faults.set([{ fault: 'status', status: 403, endpoint: 'categories' }]);
    await schedule.look();
    expect(at.plans).toEqual([]);
    at.state.lastTick = new Date().toISOString();
    at.emulator.faults.clear();
    await schedule.look();
    expect(at.plans).toEqual([]);
  });
});

describe('the check before a start', () => {
  test('passes with either login', async () => {
    at = await ExtractorHarness.start();
    await checkEt(settingsFor(at.emulator).et);
    await checkEt(settingsFor(at.emulator, { login: { kind: 'token', token: at.emulator.token } }).et);
    expect(at.emulator.stats().byStatus).toEqual({ 200: 3 });
  });

  test('tells a wrong password and an address where nobody listens', async () => {
    at = await ExtractorHarness.start();
    const login = { kind: 'password', user: at.emulator.user, password: 'wrong' } as const;
    const wrong = checkEt(settingsFor(at.emulator, { login }).et);
    await expect(wrong).rejects.toMatchObject({ kind: 'auth', status: 401 });
    const nowhere = checkEt(settingsFor(at.emulator, { url: 'http://127.0.0.1:1' }).et);
    await expect(nowhere).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('a token that ends in mid-run is renewed without anybody noticing', async () => {
    at = await ExtractorHarness.start({ sessions: 40, days: 1 });
    await at.read(slice());
    at.emulator.expireTokens();
    const end = await at.read(slice());
    expect([end.listed, at.emulator.stats().logins]).toEqual([40, 2]);
    expect(at.extractor.get(EtClient, { strict: false }).stats().outcomes.auth).toBeGreaterThan(0);
  });
});
