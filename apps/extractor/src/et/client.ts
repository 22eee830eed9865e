import { setTimeout as sleep } from 'node:timers/promises';

import type { EtSettings } from '#config';
import type { Lane } from '#contracts';

import { pauseBefore, TRIES, LONGEST_RETRY_AFTER_MS } from './backoff.js';
import { EtClock } from './clock.js';
import { EtError, failures, policies, type EtFailure } from './errors.js';
import { EtHttp, type HttpAnswer, type HttpRequest } from './http.js';
import { EtLogin } from './login.js';
import { Permits } from './permits.js';

/** Requests sent so far, logins included, by how they ended; how many may be in flight, and how long they waited. */
export interface EtStats {
  readonly requests: number;
  readonly outcomes: Readonly<Record<'ok' | EtFailure, number>>;
  readonly inFlight: number;
  readonly limit: number;
  readonly waitedMs: Readonly<Record<Lane, number>>;
}

/** One answer of ET; `version` is when the request that brought it was sent. */
export interface EtAnswer {
  readonly version: number;
  readonly body: unknown;
}

/** For whom a request is made. `signal` ends it early, rejecting with the signal's reason. */
export interface Asker {
  readonly lane: Lane;
  readonly signal?: AbortSignal;
}

export type Query = Readonly<Record<string, string | number>>;

/** How often a request is tried, the pauses between, and the longest silence on the wire, milliseconds. */
export interface Patience {
  readonly tries?: number;
  readonly idleMs?: number;
  readonly pause?: typeof pauseBefore;
}

/** The one way to ET: logged in, versioned, repeated where that may help, never more at once than ET bears. */
export class EtClient {
  private readonly http: EtHttp;
  private readonly login: EtLogin;
  private readonly permits: Permits;
  private readonly clock = new EtClock();
  private readonly tries: number;
  private readonly pause: typeof pauseBefore;
  private readonly outcomes = Object.fromEntries(['ok', ...failures].map((kind) => [kind, 0])) as Record<
    'ok' | EtFailure,
    number
  >;

  constructor(settings: EtSettings, { tries = TRIES, pause = pauseBefore, idleMs }: Patience = {}) {
    this.http = new EtHttp(settings.url, settings.tlsVerify, settings.concurrency, idleMs);
    this.login = new EtLogin(settings.login, (request) => this.counted(request));
    this.permits = new Permits(settings.concurrency);
    this.tries = tries;
    this.pause = pause;
  }

  /** GET below `/api/v1`, of an answer of at most `maxBytes`. Throws `EtError` once trying again does not help. */
  async get(path: string, query: Query, asker: Asker, maxBytes?: number): Promise<EtAnswer> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.once({ method: 'GET', path, query, ...(maxBytes ? { maxBytes } : {}) }, asker);
      } catch (error) {
        if (!(error instanceof EtError) || !policies[error.kind].again || tried >= this.tries) throw error;
        await sleep(this.pause(tried, error.retryAfterMs, Math.random), undefined, { signal: asker.signal });
      }
    }
  }

  stats(): EtStats {
    const outcomes = { ...this.outcomes };
    const requests = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    return { requests, outcomes, ...this.permits.figures() };
  }

  close(): void {
    this.http.close();
  }

  private async once(request: HttpRequest, { lane, signal }: Asker): Promise<EtAnswer> {
    const permit = await this.permits.acquire(lane, signal);
    try {
      const answer = await this.loggedIn({ ...request, ...(signal ? { signal } : {}) });
      permit.succeeded();
      return answer;
    } catch (error) {
      if (error instanceof EtError) this.heed(error, () => permit.throttled());
      throw error;
    } finally {
      permit.release();
    }
  }

  /** One request, sent again at once after a login where the token had ended or the clock was found wrong. */
  private async loggedIn(request: HttpRequest): Promise<EtAnswer> {
    for (let again = false; ; again = true) {
      const authorization = await this.login.authorization();
      const sent = this.clock.send();
      try {
        const { body, date } = await this.counted({ ...request, authorization });
        if (!this.clock.learn(sent, date) || again) return { version: sent.version, body };
      } catch (error) {
        if (!(error instanceof EtError)) throw error;
        error.version = sent.version;
        if (error.kind !== 'auth' || !this.login.refused(authorization) || again) throw error;
      }
    }
  }

  private heed(error: EtError, throttled: () => void): void {
    if (error.kind === 'rate limit' || error.kind === 'server') throttled();
    if (error.kind === 'rate limit' && error.retryAfterMs) {
      this.permits.pause(Math.min(error.retryAfterMs, LONGEST_RETRY_AFTER_MS));
    }
  }

  private async counted(request: HttpRequest): Promise<HttpAnswer> {
    try {
      const answer = await this.http.send(request);
      this.outcomes.ok++;
      return answer;
    } catch (error) {
      if (error instanceof EtError) this.outcomes[error.kind]++;
      throw error;
    }
  }
}
