import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { Module, type INestMicroservice } from '@nestjs/account';

import type { EtSettings, ExtractorSettings } from '#config';
import {
  dictionaries,
  itemKey,
  sessionKey,
  type Answer,
  type Lane,
  type Page,
  type PlanState,
  type Question,
  type RawBatch,
  type RawSession,
  type RunPlan,
  type Slice,
  type SliceEnd,
  type SliceProblem,
  type Subject,
} from '#contracts';
import { MemoryBackend, MessagingModule, Transport } from '#messaging';
import { createLogger } from '#observability';

import { checkEt } from '../../apps/extractor/src/et/check.js';
import { EtClient } from '../../apps/extractor/src/et/client.js';
import { ExtractorModule } from '../../apps/extractor/src/extractor.module.js';
import { listDay } from '../../apps/extractor/src/listing/day.js';
import { RunOpener } from '../../apps/extractor/src/run-opener.js';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.js';
import { serve, silent, until, type Running } from './messaging-harness.js';

const DAY = '2026-11-20';

/** The extractor over the in-memory backend against the emulator, and what a loader would get and say. */
let emulator: Emulator;
let backend: MemoryBackend;
let extractor: INestMicroservice;
let loader: Running;
let raw: RawBatch[];
let ends: SliceEnd[];
let problems: SliceProblem[];
let plans: RunPlan[];
let stopped: string[];
let state: PlanState;

beforeEach(() => {
  [raw, ends, problems, plans, stopped] = [[], [], [], [], []];
  state = { startDate: null, verifiedDays: [], unprocessedDays: [], categoriesWatermark: null, lastTick: null };
});

afterEach(async () => {
  await extractor?.close();
  await loader?.stop();
  await backend?.close();
  await emulator.close();
});

@Module({})
class Root {}

async function start(options: EmulatorOptions = {}, et: Partial<EtSettings> = {}): Promise<void> {
  emulator = await startEmulator({ sessions: 60, days: 2, lastDay: DAY, ...options });
  backend = new MemoryBackend({ waitMs: 200 });
  loader = await serve(backend, {
    raw: (body) => void raw.push(body),
    ends: (body) => void ends.push(body),
    problems: (body) => void problems.push(body),
    questions: (question) => answered(question),
  });
  const login = { kind: 'password', user: emulator.user, password: emulator.password } as const;
  const settings: ExtractorSettings = {
    et: {
      url: emulator.url,
      login,
      tlsVerify: true,
      concurrency: 32,
      details: ['scores', 'summary', 'comments'],
      ...et,
    },
    syncCron: '5 0 * * *',
    timezone: 'Europe/Kyiv',
    rereadDays: 2,
  };
  const logger = createLogger('extractor', 'silent');
  const module = ExtractorModule.register({ settings: settings(emulator, et), logger, schedule: false });
  const strategy = new Transport(backend, { logger: silent, graceMs: 5000 });
  const root = { module: Root, imports: [MessagingModule.register(backend), module] };
  extractor = await NestFactory.createMicroservice(root, { strategy, logger: false, abortOnError: false });
  await extractor.listen();
}

function settings({ url, user, password }: Emulator, more: Partial<EtSettings> = {}): ExtractorSettings {
  const login = { kind: 'password', user, password } as const;
  const details = ['scores', 'summary', 'comments'] as const;
  const et = { url, login, tlsVerify: true, concurrency: 32, details, ...more };
  return { et, syncCron: '5 0 * * *', timezone: 'Europe/Kyiv', rereadDays: 2 };
}

function answered(question: Question): Answer {
  switch (question.type) {
    case 'stopped-runs':
      return { type: 'stopped-runs', runIds: stopped };
    case 'plan-state':
      return { type: 'plan-state', state };
    case 'open-run':
      plans.push(question.plan);
      return { type: 'open-run', runId: question.plan.runId, opened: true };
    case 'cancel-run':
      stopped.push(question.runId);
      return { type: 'cancel-run', known: true };
    default:
      throw new Error(`nobody asks ${question.type} here`);
  }
}

function sliceOf(subject: Subject, lane: Lane = 'live'): Slice {
  const what = subject.kind === 'day' ? subject.day : subject.dictionary;
  return { runId: 'run', sliceId: `run:${what}`, lane, subject };
}

const day = (more: Partial<Extract<Subject, { kind: 'day' }>> = {}): Slice =>
  sliceOf({ kind: 'day', day: DAY, ...more });

async function read(slice: Slice): Promise<SliceEnd> {
  const before = ends.length;
  await loader.publisher.publish('slices', slice.lane, slice);
  await until('the slice has ended', () => ends.length > before);
  const end = ends.at(-1) as SliceEnd;
  await until('every listed key is answered for', () => keys(end).size >= end.listed);
  return end;
}

const batchesOf = (end: SliceEnd) => raw.filter(({ identity }) => identity.attempt === end.attempt);
const sessionsOf = (end: SliceEnd): RawSession[] =>
  batchesOf(end).flatMap(({ content }) => (content.kind === 'sessions' ? content.sessions : []));
const itemsOf = (end: SliceEnd): unknown[] =>
  batchesOf(end).flatMap(({ content }) => (content.kind === 'dictionary' ? content.items : []));
const keys = (end: SliceEnd): Set<string> =>
  new Set([...sessionsOf(end).map(sessionKey), ...itemsOf(end).map(itemKey)]);

describe('slices', () => {
  test('a day is listed whole, with every detail as ET tells it', async () => {
    await start({ sessions: 400, days: 2 });
    const end = await read(day());
    const ids = emulator.tenant.ids(DAY);
    expect(end).toMatchObject({ listed: ids.length, countBefore: ids.length, countAfter: ids.length });
    expect([...keys(end)].sort()).toEqual([...ids].sort());
    for (const session of sessionsOf(end)) {
      const index = emulator.tenant.indexOf(session.id) as number;
      expect(session.unknown).toEqual([]);
      expect(session.session).toEqual(JSON.parse(JSON.stringify(emulator.tenant.session(index))));
      expect(session.documents.summary?.body).toEqual(emulator.tenant.summary(index));
      expect(session.documents.scores?.body).toEqual(emulator.tenant.scores(index));
      expect(session.documents.comments?.body).toEqual(emulator.tenant.comments(index));
    }
    expect(emulator.stats().logins).toBe(1);
    const { byEndpoint } = emulator.stats();
    expect(byEndpoint.scores).toBeLessThan(ids.length);
    expect(byEndpoint.comments).toBeLessThan(ids.length);
  });

  test('transcripts and the session by itself are asked for where the settings say so', async () => {
    await start({}, { details: ['transcripts', 'detail'] });
    const [session] = sessionsOf(await read(day()));
    expect(Object.keys(session?.documents ?? {}).sort()).toEqual(['detail', 'transcripts']);
    expect(raw[0]?.content).toMatchObject({ detailOwnsInfo: true });
  });

  test('pages hold at most 50 sessions', async () => {
    await start({ sessions: 130, days: 1 });
    const batches = batchesOf(await read(day()));
    const sizes = [0, 1, 2].map((page) =>
      batches
        .filter(({ identity }) => identity.page === page)
        .reduce((sum, { content }) => sum + (content.kind === 'sessions' ? content.sessions.length : 0), 0),
    );
    expect(sizes).toEqual([50, 50, 30]);
  });

  test.each(dictionaries)('%s are read whole, however few items ET gives at a time', async (dictionary) => {
    await start({ maxLimit: 7, listsUserZero: false });
    const end = await read(sliceOf({ kind: 'dictionary', dictionary }));
    const known = emulator.tenant.dictionaries[dictionary].length + (dictionary === 'users' ? 1 : 0);
    expect([end.listed, keys(end).size, end.countBefore]).toEqual([known, known, null]);
  });

  test('every attempt is new, and its versions are later', async () => {
    await start();
    const [first, second] = [await read(day()), await read(day())];
    expect(second.attempt).not.toBe(first.attempt);
    const versions = (end: SliceEnd) => sessionsOf(end).map(({ version }) => version);
    expect(Math.min(...versions(second))).toBeGreaterThan(Math.max(...versions(first)));
  });

  test('a filter and a limit narrow the listing', async () => {
    await start({ sessions: 200, days: 1 });
    const manual = await read(day({ filters: 'is_scored,manual' }));
    expect(manual.listed).toBeGreaterThan(0);
    expect(manual.listed).toBeLessThan(200);
    expect(await read(day({ limit: 60 }))).toMatchObject({ listed: 60, countBefore: null, countAfter: null });
  });

  test('today is read, and said not to be over', async () => {
    await start();
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Kyiv' }).format(new Date());
    expect((await read(day({ day: today }))).reason).toBe('the day is not over');
    expect((await read(day())).reason).toBeUndefined();
  });
});

describe('what goes wrong on the way', () => {
  test.each(['minute', 'exact'] as const)(
    'a day beyond the cap is cut and counted, bounds being %s',
    async (bounds) => {
      const lastMinute = { day: DAY, hour: 23, minute: 59, sessions: 40 };
      await start({ sessions: 900, days: 1, cap: 10_000, crowds: [lastMinute], bounds }, { details: [] });
      const client = new EtClient(settings(emulator).et);
      const steps = [];
      for await (const step of listDay(client, { day: DAY }, { lane: 'live' }, 120)) steps.push(step);
      client.close();
      expect(steps.at(-1)).toMatchObject({ kind: 'end', listed: 900, countAfter: 900 });
      expect(emulator.stats().listings.some((listing) => listing.includes('||12:00,23:59'))).toBe(true);
    },
  );

  test('bursts of every fault lose nothing', async () => {
    await start({ sessions: 200, days: 1, latencyMs: 1 });
    emulator.faults.set([
      { fault: 'status', status: 503, probability: 0.05 },
      { fault: 'status', status: 429, probability: 0.02, retryAfter: 0.05 },
      { fault: 'reset', probability: 0.03 },
      { fault: 'truncated', probability: 0.02 },
      { fault: 'html', probability: 0.02 },
      { fault: 'slow', probability: 0.02, ms: 20 },
    ]);
    const end = await read(day());
    expect([...keys(end)].sort()).toEqual([...emulator.tenant.ids(DAY)].sort());
    expect(sessionsOf(end).flatMap(({ unknown }) => unknown)).toEqual([]);
    expect(Object.values(emulator.stats().faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
  }, 60_000);

  test('a session left out of a page, or put in while paging, is found', async () => {
    await start({ sessions: 1200, days: 1 }, { details: [] });
    emulator.faults.set([
      { fault: 'missing-item', endpoint: 'sessions', count: 1 },
      { fault: 'inserted', endpoint: 'sessions', count: 1, after: 1 },
    ]);
    const end = await read(day());
    expect([...keys(end)].sort()).toEqual([...emulator.tenant.ids(DAY)].sort());
    expect(end).toMatchObject({ listed: 1201, countBefore: 1201, countAfter: 1201 });
  });

  test('empty pages of a day that is not empty are told as a mismatch', async () => {
    await start();
    emulator.faults.set([{ fault: 'empty-page', endpoint: 'sessions' }]);
    const end = await read(day());
    expect([end.listed, end.countAfter]).toEqual([0, emulator.tenant.ids(DAY).length]);
  });

  test('a detail that always fails is unknown, and nothing else is', async () => {
    await start({ sessions: 20, days: 1 });
    const sessionId = emulator.tenant.ids(DAY)[3] as string;
    emulator.faults.set([{ fault: 'status', status: 403, endpoint: 'summary', sessionId }]);
    const unknown = sessionsOf(await read(day())).filter((session) => session.unknown.length > 0);
    expect(unknown.map((session) => [sessionKey(session), session.unknown[0]?.document])).toEqual([
      [sessionId, 'summary'],
    ]);
  });

  test('a session deleted between listing and details is gone', async () => {
    await start({ sessions: 20, days: 1 });
    const listed = emulator.tenant.ids(DAY).map((id) => {
      const session = emulator.tenant.session(emulator.tenant.indexOf(id) as number);
      return { id, session: { ...session, reviewers: null } };
    });
    const deleted = listed[0]?.id as string;
    emulator.tenant.apply({ change: 'delete', ids: [deleted] });
    const page: Page = { slice: day(), attempt: randomUUID(), page: 0, version: 1, sessions: listed };
    await loader.publisher.publish('pages', 'live', page);
    await until('its details are here', () => raw.length > 0);
    const sessions = raw.flatMap(({ content }) => (content.kind === 'sessions' ? content.sessions : []));
    expect(sessions.filter(({ gone }) => gone !== undefined).map(sessionKey)).toEqual([deleted]);
  });

  test('while ET is away everything waits, and then goes on', async () => {
    await start({ sessions: 20, days: 1 });
    emulator.faults.set([{ fault: 'reset' }]);
    await loader.publisher.publish('slices', 'live', day());
    await until('the slice was parked', () => backend.tally.read().slices.parked === 1);
    emulator.faults.clear();
    await until('the slice has ended', () => ends.length > 0);
    expect([ends[0]?.listed, problems]).toEqual([20, []]);
  }, 60_000);

  test('a filter ET does not understand fails its slice at once', async () => {
    await start();
    await loader.publisher.publish('slices', 'live', day({ filters: 'nonsense,1' }));
    await until('the problem is told', () => problems.length > 0);
    expect(problems[0]).toMatchObject({ slice: { sliceId: `run:${DAY}` }, reason: expect.stringContaining('filters') });
  });
});

describe('stopped runs', () => {
  test('their slices and pages are dropped on sight', async () => {
    await start();
    stopped = ['run'];
    await loader.publisher.publish('slices', 'live', day());
    await until('the slice is done', () => backend.tally.read().slices.done === 1);
    expect([ends, raw, emulator.stats().requests]).toEqual([[], [], 0]);
  });
});

describe('runs', () => {
  test('a sync asks for the ledger and the categories, and opens the daily run', async () => {
    await start();
    const newest = '2027-01-01T00:00:00.000000';
    const id = Number(emulator.tenant.dictionaries.categories[0]?.['id']);
    emulator.tenant.apply({ change: 'update-item', dictionary: 'categories', id, fields: { updated_at: newest } });
    await loader.publisher.publish('commands', null, { type: 'sync', runId: 'mine' });
    await until('the run is opened', () => plans.length > 0);
    expect(plans[0]).toMatchObject({ runId: 'mine', kind: 'sync', categoriesWatermark: newest });
    expect(plans[0]?.slices).toHaveLength(dictionaries.length + 30);
  });

  test('a backfill without an id takes the id of its message', async () => {
    await start();
    const command = { type: 'backfill', from: '2026-01-01', to: '2026-01-03', force: false } as const;
    await loader.publisher.publish('commands', null, command);
    await until('the run is opened', () => plans.length > 0);
    expect(plans[0]?.runId).toMatch(/^[\da-f-]{36}$/);
    expect(plans[0]?.slices.filter(({ lane }) => lane === 'backfill')).toHaveLength(3);
  });

  test('a command for days that are none is rejected', async () => {
    await start();
    await loader.publisher.publish('commands', null, {
      type: 'backfill',
      from: '2999-01-01',
      to: '2999-01-03',
      force: false,
    });
    await until('it is dead', () => backend.tally.read().commands.dead === 1);
    expect(plans).toEqual([]);
  });

  test('a cancel is passed on', async () => {
    await start();
    await loader.publisher.publish('commands', null, { type: 'cancel', runId: 'mine' });
    await until('the run is stopped', () => stopped.includes('mine'));
  });

  test('a test takes the newest sessions, as many as asked for', async () => {
    await start({ sessions: 100, days: 5 });
    const request = { kind: 'test', limit: 45, from: '2026-11-01', to: DAY } as const;
    await extractor.get(RunOpener, { strict: false }).openRun(request);
    const limits = plans[0]?.slices.flatMap(({ subject }) => (subject.kind === 'day' ? [subject.limit ?? 0] : []));
    expect(limits?.reduce((sum, limit) => sum + limit, 0)).toBe(45);
    expect(plans[0]?.slices[dictionaries.length]?.subject).toMatchObject({ day: DAY });
  });
});

describe('the check before a start', () => {
  test('passes with either login', async () => {
    await start();
    const { url, user, password, token } = emulator;
    const account = { url, tlsVerify: true, concurrency: 4, details: [] };
    await checkEt({ ...account, login: { kind: 'password', user, password } });
    await checkEt({ ...account, login: { kind: 'token', token } });
    expect(emulator.stats().byStatus).toEqual({ 200: 3 });
  });

  test('tells a wrong password and an address where nobody listens', async () => {
    await start();
    const account = { url: emulator.url, tlsVerify: true, concurrency: 4, details: [] };
    const login = { kind: 'password', user: emulator.user, password: 'wrong' } as const;
    await expect(checkEt({ ...account, login })).rejects.toMatchObject({ kind: 'auth', status: 401 });
    await expect(checkEt({ ...account, url: 'http://127.0.0.1:1', login })).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });

  test('a token that ends in mid-run is renewed without anybody noticing', async () => {
    await start({ sessions: 40, days: 1 });
    await read(day());
    emulator.expireTokens();
    const end = await read(day());
    expect([end.listed, emulator.stats().logins]).toEqual([40, 2]);
    expect(extractor.get(EtClient, { strict: false }).stats().outcomes.auth).toBeGreaterThan(0);
  });
});
