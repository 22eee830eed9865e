import { setTimeout as sleep } from 'node:timers/promises';

import type { RunReport } from '#contracts';
import { TransientError, type Publisher } from '#messaging';
import { messageOf } from '#observability';

import { progressOf, type Flow, type Progress, type Sample } from './stages.js';
import type { View } from './view.js';

const ASK_EVERY_MS = 500;
/** A run of a running service appears once an extractor takes the command. */
const UNKNOWN_MS = 10_000;
/** Without any progress, before anybody is asked why. */
const STILL_MS = 10_000;
const SAMPLES = 40;

export interface Following {
  readonly publisher: Publisher;
  readonly view: View;
  /** What the queues do, where all stages run in this process. */
  readonly flow?: () => Promise<Flow>;
  /** Why it may be that nothing moves, a line each. */
  readonly reasons?: () => Promise<readonly string[]>;
  /** Aborting it ends the waiting, not the runs: throws the signal's reason. */
  readonly signal: AbortSignal;
}

/**
 * Asks for the runs twice a second and shows how far they are, until all are closed. With the loader or its database
 * away it goes on asking: the runs wait as well.
 */
export async function follow(
  runIds: readonly string[],
  { publisher, view, flow, reasons, signal }: Following,
): Promise<RunReport[]> {
  const begun = Date.now();
  const samples: Sample[] = [];
  const standstill = new Standstill(view, reasons);
  let waiting = false;
  let away = false;
  for (;;) {
    const answers = await Promise.all(runIds.map((runId) => publisher.ask({ type: 'run', runId }))).catch(
      (error: unknown) => {
        if (!(error instanceof TransientError)) throw error;
        if (!away) view.print(`How far it is cannot be told for now: ${messageOf(error)}`);
        return undefined;
      },
    );
    away = answers === undefined;
    if (!answers) {
      await sleep(ASK_EVERY_MS, undefined, { signal });
      continue;
    }
    const runs = answers.flatMap(({ run }) => run ?? []);
    const progress = progressOf(runs, await flow?.(), samples, Date.now());
    samples.push({ at: Date.now(), loaded: progress.loaded });
    if (samples.length > SAMPLES) samples.shift();
    if (runs.length > 0) {
      view.show(progress);
      await standstill.look(progress);
    }
    if (runs.length === runIds.length && runs.every(({ state }) => state !== 'open' && state !== 'paused')) return runs;
    if (runs.length === 0 && !waiting && Date.now() - begun > UNKNOWN_MS) {
      waiting = true;
      view.print('Nobody has taken the command yet: is an extractor running, and can it reach ET?');
    }
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

/** Tells why it may be that nothing moves, each time it stands still. */
class Standstill {
  private since = Date.now();
  private steps = -1;
  private told = '';

  constructor(
    private readonly view: View,
    private readonly reasons: (() => Promise<readonly string[]>) | undefined,
  ) {}

  async look({ stages }: Progress): Promise<void> {
    const steps = stages.reduce((sum, { done }) => sum + done, 0);
    if (steps !== this.steps) {
      [this.steps, this.since, this.told] = [steps, Date.now(), ''];
    } else if (this.reasons && Date.now() - this.since > STILL_MS) {
      this.since = Date.now();
      const lines = await this.reasons();
      if (lines.join() !== this.told) for (const line of lines) this.view.print(line);
      this.told = lines.join();
    }
  }
}
