import type { Service } from '#contracts';
import { serveHealth, type HealthServer, type Metric } from '#health';

import type { Backend } from './backend.js';
import type { Link, Links, Purpose } from './link.js';
import { messageMetrics, standingMetrics } from './metrics.js';
import { checksOf, type Phase, type Standing } from './standing.js';
import type { Transport } from './transport.js';
import { Waits } from './waits.js';

/** What a service tells of itself from its first moment to its last. */
export class ServiceHealth {
  readonly waits = new Waits();
  private phase: Phase = 'starting';
  private since = new Date();
  private readonly links: Record<keyof Links, Link> = {
    publish: { state: 'connecting', since: this.since },
    consume: { state: 'connecting', since: this.since },
  };
  private transport: Transport | undefined;
  private server: HealthServer | undefined;

  /** Listens at once, broker or not; nowhere where the port is 0. Throws where the port cannot be had. */
  async listen({ port, host }: { readonly port: number; readonly host: string }): Promise<void> {
    if (port === 0) return;
    this.server = await serveHealth({ port, host, checks: () => checksOf(this.standing()) });
    this.server.add(standingMetrics(() => this.standing()));
  }

  enter(phase: Phase): void {
    // Whoever was told to stop while starting does not become ready again.
    if (this.phase === 'stopping') return;
    this.phase = phase;
    this.since = new Date();
  }

  linked(purpose: Purpose, link: Link): void {
    this.links[purpose] = link;
  }

  /** From now on what the transport does is told as well, and what the service measures. */
  tellOf(service: Service, backend: Backend, transport: Transport, measured: readonly Metric[]): void {
    this.transport = transport;
    this.server?.add([...messageMetrics(service, backend.tally, transport), ...measured]);
  }

  private standing(): Standing {
    const { phase, since, links, waits, transport } = this;
    const paused = transport?.consumption().flatMap(({ route, paused }) => (paused ? [route.stage] : [])) ?? [];
    return {
      phase,
      since,
      links,
      awaited: [...waits.list(), ...(transport?.awaited() ?? [])],
      watched: transport?.watched() ?? [],
      paused: [...new Set(paused)],
    };
  }
}
