import type { RunReport, Stage } from '#contracts';

/** How far one stage is. `total` grows while earlier stages are still finding work. */
export interface StageProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** Messages of each stage so far, where all stages run in this process. */
export type Flow = Readonly<Record<Stage, { readonly published: number; readonly done: number }>>;

/** What a person sees of runs while they go on. */
export interface Progress {
  readonly stages: readonly StageProgress[];
  /** Conversations and dictionary items loaded. */
  readonly loaded: number;
  /** Per second, over the last ten seconds; undefined before there is anything to measure. */
  readonly rate: number | undefined;
}

export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly loaded: number;
}

const RATE_MS = 10_000;

/** How far runs are, taken together. `flow` adds the stages of this process; `samples` are earlier ones, oldest first. */
export function progressOf(
  runs: readonly RunReport[],
  flow: Flow | undefined,
  samples: readonly Sample[],
  at: number,
): Progress {
  const loaded = sum(runs, ({ answered }) => answered);
  const slices = sum(runs, (run) => sum(Object.values(run.slices), (count) => count));
  const open = sum(runs, (run) => run.slices.planned + run.slices.queued);
  const stages = [
    { name: 'days and dictionaries', done: slices - open, total: slices },
    ...(flow ? flowStages(flow) : []),
    {
      name: 'conversations and items',
      done: loaded,
      total: Math.max(
        loaded,
        sum(runs, ({ listed }) => listed),
      ),
    },
  ];
  return { stages, loaded, rate: rateOf(samples, { at, loaded }) };
}

function flowStages(flow: Flow): StageProgress[] {
  const stage = (name: string, { done, published }: Flow[Stage]) => ({
    name,
    done: Math.min(done, published),
    total: published,
  });
  return [stage('pages read', flow.pages), stage('batches mapped', flow.raw), stage('batches loaded', flow.rows)];
}

function rateOf(samples: readonly Sample[], now: Sample): number | undefined {
  const first = samples.find(({ at }) => now.at - at <= RATE_MS);
  return first && now.at > first.at ? ((now.loaded - first.loaded) * 1000) / (now.at - first.at) : undefined;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
