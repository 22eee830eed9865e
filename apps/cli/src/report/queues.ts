import { stages, type Service } from '#contracts';
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
    ...idleServices(depths).map(
      (service) => `No ${service} takes messages: is one running, and what it needs in reach?`,
    ),
    ...(rows.length === 0 ? ['All queues are empty.'] : grid([heading, ...rows], [2, 3, 4, 5])),
  ];
}

export function deadLettersIn(depths: readonly Depth[]): number {
  return depths.reduce((sum, { dead }) => sum + dead, 0);
}

/** Services none of whose queues has a consumer: a paused one takes its consumers away. */
function idleServices(depths: readonly Depth[]): Service[] {
  const consumers = new Map(stages.map(({ stage, consumer }) => [stage, consumer]));
  const byService = Map.groupBy(depths, ({ stage }) => consumers.get(stage));
  return [...byService].flatMap(([service, own]) =>
    service !== undefined && own.every((depth) => depth.consumers === 0) ? service : [],
  );
}
