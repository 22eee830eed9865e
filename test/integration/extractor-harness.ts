import type { EtSettings, ExtractorSettings } from '#config';
import {
  itemKey,
  sessionKey,
  type Answer,
  type Gaps,
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
import { Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { pauseBefore } from '../../apps/extractor/src/et/backoff.js';
import { ExtractorModule } from '../../apps/extractor/src/extractor.module.js';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.js';
import { until } from '../support/until.js';
import { serve, silent, type Running } from './messaging-harness.js';

export const DAY = '2026-11-20';

/** A twentieth of the pauses before ET is asked again. */
const HASTE = { pause: (...told: Parameters<typeof pauseBefore>) => pauseBefore(...told) / 20 };

@Module({})
class Root {}

export function settingsFor({ url, user, password }: Emulator, more: Partial<EtSettings> = {}): ExtractorSettings {
  const login = { kind: 'password', user, password } as const;
  const details = ['scores', 'summary', 'comments'] as const;
  const et = { url, login, tlsVerify: true, concurrency: 32, details, ...more };
  return { et, syncCron: '5 0 * * *', timezone: 'Europe/Kyiv', rereadDays: 2 };
}

/** A slice of the run `run`: the day unless told otherwise. */
export function slice(subject: Partial<Extract<Subject, { kind: 'day' }>> | Subject = {}): Slice {
  const whole: Subject =
    subject.kind === 'dictionary' || subject.kind === 'sessions' ? subject : { kind: 'day', day: DAY, ...subject };
  const what = whole.kind === 'dictionary' ? whole.dictionary : whole.day;
  return { runId: 'run', sliceId: `run:${what}`, lane: 'live', subject: whole };
}

/** The extractor over the in-memory backend against the emulator, and what a loader gets from it and tells it. */
export class ExtractorHarness {
  readonly raw: RawBatch[] = [];
  readonly ends: SliceEnd[] = [];
  readonly problems: SliceProblem[] = [];
  readonly plans: RunPlan[] = [];
  readonly stopped: string[] = [];
  readonly state: PlanState = {
    startDate: null,
    verified: [],
    onlyDetails: [],
    dueUnknown: [],
    unprocessedDays: [],
    categoriesWatermark: null,
    lastTick: null,
  };
  readonly gaps: Gaps = { days: [], unknown: [], unknownTotal: 0, heldDeletes: [] };
  loader!: Running;
  extractor!: INestMicroservice;

  private constructor(
    readonly emulator: Emulator,
    readonly backend: MemoryBackend,
  ) {}

  static async start(
    options: EmulatorOptions = {},
    et: Partial<EtSettings> = {},
    schedule = false,
  ): Promise<ExtractorHarness> {
    const emulator = await startEmulator({ sessions: 60, days: 2, lastDay: DAY, ...options });
    const backend = new MemoryBackend({ waitMs: 200 });
    const harness = new ExtractorHarness(emulator, backend);
    harness.loader = await serve(backend, {
      raw: (body) => void harness.raw.push(body),
      ends: (body) => void harness.ends.push(body),
      problems: (body) => void harness.problems.push(body),
      questions: (question) => harness.answer(question),
    });
    const logger = createLogger('extractor', 'silent');
    const settings = settingsFor(emulator, et);
    const module = ExtractorModule.register({ settings, logger, schedule, patience: HASTE });
    const strategy = new Transport(backend, { logger: silent, graceMs: 5000 });
    const root = { module: Root, imports: [MessagingModule.register(backend), module] };
    harness.extractor = await NestFactory.createMicroservice(root, { strategy, logger: false, abortOnError: false });
    await harness.extractor.listen();
    return harness;
  }

  async stop(): Promise<void> {
    await this.extractor.close();
    await this.loader.stop();
    await this.backend.close();
    await this.emulator.close();
  }

  /** Has one slice read to its end, and every key it listed answered for. */
  async read(asked: Slice): Promise<SliceEnd> {
    const before = this.ends.length;
    await this.loader.publisher.publish('slices', asked.lane, asked);
    await until('the slice has ended', () => this.ends.length > before);
    const end = this.ends.at(-1) as SliceEnd;
    await until('every listed key is answered for', () => this.keys(end).length >= end.listed, 60_000);
    return end;
  }

  batches(end: SliceEnd): RawBatch[] {
    return this.raw.filter(({ identity }) => identity.attempt === end.attempt);
  }

  sessions(end: SliceEnd): RawSession[] {
    return this.batches(end).flatMap(({ content }) => (content.kind === 'sessions' ? content.sessions : []));
  }

  /** Distinct keys answered for, sorted. */
  keys(end: SliceEnd): string[] {
    const keys = this.batches(end).flatMap(({ content }) =>
      content.kind === 'sessions' ? content.sessions.map(sessionKey) : content.items.map(itemKey),
    );
    return [...new Set(keys)].sort();
  }

  /** Knows the run `run` alone. */
  private control({ runId, action }: Extract<Question, { type: 'control-run' }>): Answer {
    if (runId !== 'run') return { type: 'control-run', known: false, state: null };
    if (action === 'resume') this.stopped.length = 0;
    else this.stopped.push(runId);
    return { type: 'control-run', known: true, state: action === 'resume' ? 'open' : 'paused' };
  }

  private answer(question: Question): Answer {
    switch (question.type) {
      case 'stopped-runs':
        return { type: 'stopped-runs', runIds: this.stopped };
      case 'plan-state':
        return { type: 'plan-state', state: this.state };
      case 'open-run':
        this.plans.push(question.plan);
        return { type: 'open-run', runId: question.plan.runId, opened: true };
      case 'control-run':
        return this.control(question);
      case 'gaps':
        return { type: 'gaps', gaps: this.gaps };
      default:
        throw new Error(`nobody asks ${question.type} here`);
    }
  }
}
