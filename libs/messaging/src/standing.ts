import type { Stage } from '#contracts';
import type { Check, Checks } from '#health';

import { purposes, type Links } from './link.js';
import type { Awaited } from './waits.js';

export type Phase = 'starting' | 'running' | 'stopping';

/** How a service stands. */
export interface Standing {
  readonly phase: Phase;
  /** When the phase began. */
  readonly since: Date;
  readonly links: Links;
  /** What is away outside, the broker not among it. */
  readonly awaited: readonly Awaited[];
  /** What would be waited for if it were away. */
  readonly watched: readonly string[];
  /** Stages of which nothing is taken for now. */
  readonly paused: readonly Stage[];
}

/**
 * What `/readyz` tells. A service is ready once it has begun to take messages and as long as it has its connections to
 * the broker: docs/decisions/readiness.md.
 */
export function checksOf({ phase, since, links, awaited, paused }: Standing): Checks {
  return {
    service: { status: phase === 'running' ? 'up' : 'down', facts: { state: phase, since } },
    broker: brokerCheck(links),
    work: {
      status: paused.length + awaited.length > 0 ? 'degraded' : 'up',
      facts: { ...(paused.length > 0 && { paused }), ...(awaited.length > 0 && { waitingFor: awaited }) },
    },
  };
}

/** Whether a rollout may go on. */
export function isReady(standing: Standing): boolean {
  return Object.values(checksOf(standing)).every(({ status }) => status !== 'down');
}

function brokerCheck(links: Links): Check {
  const states = Object.fromEntries(purposes.map((purpose) => [purpose, links[purpose].state]));
  const all = Object.values(links);
  const amiss = all.find(({ state }) => state === 'connecting') ?? all.find(({ state }) => state === 'blocked');
  if (!amiss) return { status: 'up', facts: states };
  const waitingFor: Awaited = { what: 'RabbitMQ', since: amiss.since, reason: amiss.reason ?? 'connecting' };
  return { status: amiss.state === 'blocked' ? 'degraded' : 'down', facts: { ...states, waitingFor } };
}
