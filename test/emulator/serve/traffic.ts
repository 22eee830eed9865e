import type { Endpoint } from './endpoints.js';

/** What was asked of the emulator so far. */
export interface Stats {
  readonly requests: number;
  readonly byEndpoint: Readonly<Partial<Record<Endpoint, number>>>;
  /** Answers by status; `0` counts those that were reset. */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly logins: number;
  readonly inFlight: number;
  readonly inFlightPeak: number;
  readonly connections: number;
  /** The latest 500 listings and counts: their queries, decoded once. */
  readonly listings: readonly string[];
}

const LISTINGS = 500;

/** Counts requests as they come and go. */
export class Traffic {
  #requests = 0;
  #logins = 0;
  #inFlight = 0;
  #inFlightPeak = 0;
  #connections = 0;
  #byEndpoint: Partial<Record<Endpoint, number>> = {};
  #byStatus: Record<string, number> = {};
  #faults: Record<string, number> = {};
  #listings: string[] = [];

  connected(): void {
    this.#connections += 1;
  }

  begin(endpoint: Endpoint): void {
    this.#requests += 1;
    this.#inFlight += 1;
    this.#inFlightPeak = Math.max(this.#inFlightPeak, this.#inFlight);
    this.#byEndpoint[endpoint] = (this.#byEndpoint[endpoint] ?? 0) + 1;
  }

  end(status: number): void {
    this.#inFlight -= 1;
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
  }

  loggedIn(): void {
    this.#logins += 1;
  }

  faulty(fault: string): void {
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  listed(query: string): void {
    this.#listings.push(query);
    if (this.#listings.length > 2 * LISTINGS) this.#listings = this.#listings.slice(-LISTINGS);
  }

  stats(): Stats {
    return {
      requests: this.#requests,
      byEndpoint: { ...this.#byEndpoint },
      byStatus: { ...this.#byStatus },
      faults: { ...this.#faults },
      logins: this.#logins,
      inFlight: this.#inFlight,
      inFlightPeak: this.#inFlightPeak,
      connections: this.#connections,
      listings: this.#listings.slice(-LISTINGS),
    };
  }

  /** Starts to count anew; what is in flight stays. */
  reset(): void {
    this.#requests = 0;
    this.#logins = 0;
    this.#connections = 0;
    this.#inFlightPeak = this.#inFlight;
    this.#byEndpoint = {};
    this.#byStatus = {};
    this.#faults = {};
    this.#listings = [];
  }
}
