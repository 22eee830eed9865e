import { lanes, stages, type Stage } from '#contracts';

import type { Route } from './backend.js';

const counted = ['published', 'delivered', 'done', 'retried', 'parked', 'dead'] as const;
type Counted = (typeof counted)[number];
type Counts = Record<Counted, number>;
export type Stats = Record<Stage, Counts>;

/** What became of the messages of one route. */
interface Told {
  readonly route: Route;
  readonly counts: Readonly<Counts>;
  /** When one was last done, milliseconds since 1970. */
  readonly doneAtMs: number | undefined;
}

interface Kept extends Told {
  readonly counts: Counts;
  doneAtMs: number | undefined;
}

/** Counts what became of messages since the process began. */
export class Tally {
  private readonly byRoute = stages.flatMap(({ stage, laned }) =>
    (laned ? lanes : [null]).map((lane): Kept => ({ route: { stage, lane }, counts: zeros(), doneAtMs: undefined })),
  );

  add({ stage, lane }: Route, what: Counted): void {
    const kept = this.byRoute.find(({ route }) => route.stage === stage && route.lane === lane);
    if (!kept) return;
    kept.counts[what] += 1;
    if (what === 'done') kept.doneAtMs = Date.now();
  }

  /** As it stands now, of every route. */
  routes(): readonly Told[] {
    return this.byRoute;
  }

  /** Both lanes together; a copy. */
  read(): Stats {
    const sums = Object.fromEntries(stages.map(({ stage }) => [stage, zeros()])) as Stats;
    for (const { route, counts } of this.byRoute) {
      for (const what of counted) sums[route.stage][what] += counts[what];
    }
    return sums;
  }
}

function zeros(): Counts {
  return Object.fromEntries(counted.map((what) => [what, 0])) as Counts;
}
