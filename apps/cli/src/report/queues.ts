import { stages } from '#contracts';
import type { Depth } from '#messaging';

import { grid } from './grid.js';
import { count } from './numbers.js';

/** The queues that hold anything, and the services that take nothing from theirs. */
export function queueLines(depths: readonly Depth[]): string[] {
  const full = depths.filter(({ work, wait, again, dead }) => work + wait + again + dead > 0);
  const rows = full.map(({ stage, lane, work, wait, again, dead, consumers }) => [
    stage,
    lane ?? '',
    ...[work, wait + again, dead, consumers].map(count),
  ]);
  const heading = ['queue', 'lane', 'waiting', 'set aside', 'dead letters', 'consumers'];
  return [
    ...idleLines(depths),
    ...(rows.length === 0 ? ['All queues are empty.'] : grid([heading, ...rows], [2, 3, 4, 5])),
  ];
}

export function deadLettersIn(depths: readonly Depth[]): number {
  return depths.reduce((sum, { dead }) => sum + dead, 0);
}

/** The services that take nothing from some of their queues, or from any: who waits takes the consumers away. */
export function idleLines(depths: readonly Depth[]): string[] {
  const consumers = new Map(stages.map(({ stage, consumer }) => [stage, consumer]));
  return [...Map.groupBy(depths, ({ stage }) => consumers.get(stage))].flatMap(([service, own]) => {
    const idle = own.filter((depth) => depth.consumers === 0);
    if (service === undefined || idle.length === 0) return [];
    if (idle.length === own.length) return `No ${service} takes messages: is one running, and what it needs in reach?`;
    return `The ${service} takes nothing of ${namesOf(idle)} for now: its log and /readyz tell what it waits for.`;
  });
}

/** `slices, pages (backfill)`: the lane where it is not all of them. */
function namesOf(depths: readonly Depth[]): string {
  const lanesOf = Map.groupBy(depths, ({ stage }) => stage);
  return [...lanesOf]
    .map(([stage, [one, ...others]]) => (one?.lane && others.length === 0 ? `${stage} (${one.lane})` : stage))
    .join(', ');
}
