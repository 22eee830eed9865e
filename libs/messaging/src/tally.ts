import { stages, type Stage } from '#contracts';

const counted = ['published', 'delivered', 'done', 'retried', 'parked', 'dead'] as const;
type Counted = (typeof counted)[number];
export type Stats = Record<Stage, Record<Counted, number>>;

/** Counts what became of messages, by stage, since the process began. */
export class Tally {
  private readonly counts = zeros();

  add(stage: Stage, what: Counted): void {
    this.counts[stage][what] += 1;
  }

  /** A copy. */
  read(): Stats {
    return structuredClone(this.counts);
  }
}

function zeros(): Stats {
  const none = () => Object.fromEntries(counted.map((what) => [what, 0])) as Record<Counted, number>;
  return Object.fromEntries(stages.map(({ stage }) => [stage, none()])) as Stats;
}
