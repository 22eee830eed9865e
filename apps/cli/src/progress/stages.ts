import { lanes, type Lane, type RunReport, type Stage } from '#contracts';

/** How far one stage is. `total` grows while earlier stages are still finding work. */
export interface StageProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** What the queues did so far, where all stages run in this process. */
export interface Flow {
  readonly messages: Readonly<
    Record<Stage, { readonly published: number; readonly done: number; readonly dead: number }>
  >;
  /** Messages that are to be tried again. */
  readonly setAside: number;
}

/** What a person sees of runs while they go on. */
export interface Progress {
  readonly stages: readonly StageProgress[];
  /** Conversations and dictionary items loaded. */
  readonly loaded: number;
  /** Per second, over the last ten seconds; undefined before there is anything to measure. */
  readonly rate: number | undefined;
  /** Days, dictionaries and handfuls of conversations that are left, by lane. */
  readonly lanes: readonly { readonly lane: Lane; readonly left: number; readonly inHand: number }[];
  /** Seconds until the last run is done; null where there is nothing to tell it by. */
  readonly eta: number | null;
  /** The runs that wait for somebody to resume them. */
  readonly paused: readonly string[];
  /** Only what is not as it should be, so far. */
  readonly flaws: Readonly<Record<'rejected' | 'unverified' | 'setAside' | 'dead', number>>;
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
    ...(flow ? flowStages(flow.messages) : []),
    {
      name: 'conversations and items',
      done: loaded,
      total: Math.max(
        loaded,
        sum(runs, ({ listed }) => listed),
      ),
    },
  ];
  return {
    stages,
    loaded,
    rate: rateOf(samples, { at, loaded }),
    lanes: lanes.map((lane) => laneOf(lane, runs)).filter(({ left }) => left > 0),
    eta: runs.reduce<number | null>((longest, { eta }) => (eta === null ? longest : Math.max(longest ?? 0, eta)), null),
    paused: runs.filter(({ state }) => state === 'paused').map(({ runId }) => runId),
    flaws: {
      rejected: sum(runs, ({ rejected }) => rejected),
      unverified: sum(runs, (run) => run.slices.unverified + run.slices.failed),
      setAside: flow?.setAside ?? 0,
      dead: sum(Object.values(flow?.messages ?? {}), ({ dead }) => dead),
    },
  };
}

function laneOf(lane: Lane, runs: readonly RunReport[]): Progress['lanes'][number] {
  const own = runs.flatMap((run) => run.lanes.filter((one) => one.lane === lane));
  return { lane, left: sum(own, ({ planned, queued }) => planned + queued), inHand: sum(own, ({ queued }) => queued) };
}

function flowStages(messages: Flow['messages']): StageProgress[] {
  const stage = (name: string, { done, published }: Flow['messages'][Stage]) => ({
    name,
    done: Math.min(done, published),
    total: published,
  });
  const { pages, raw, rows } = messages;
  return [stage('pages read', pages), stage('batches mapped', raw), stage('batches loaded', rows)];
}

function rateOf(samples: readonly Sample[], now: Sample): number | undefined {
  const first = samples.find(({ at }) => now.at - at <= RATE_MS);
  return first && now.at > first.at ? ((now.loaded - first.loaded) * 1000) / (now.at - first.at) : undefined;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
