import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import { JsonFault, readJson } from '#contracts';
import { create, isAxiosError, type AxiosInstance, type AxiosResponse } from 'axios';

import { parseRetryAfter } from './backoff.js';
import { EtError, failureOf, failureOfCode } from './errors.js';

/** Longest answer that is read, unpacked. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const IDLE_MS = 30_000;
/** Longest a whole answer may take, however it trickles. */
const WHOLE_MS = 120_000;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly authorization?: string;
  /** Longest answer that is read, unpacked; without it 64 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly body: unknown;
  readonly date: unknown;
}

/** One try of one request over kept connections: JSON or an `EtError`. Knows nothing of logins and retries. */
export class EtHttp {
  private readonly axios: AxiosInstance;
  private readonly agents: readonly [HttpAgent, HttpsAgent];

  /**
   * `url` without `/api/v1`; with `tlsVerify` false self-signed certificates are accepted; `idleMs` is the longest
   * silence on the wire.
   */
  constructor(url: string, tlsVerify: boolean, connections: number, idleMs = IDLE_MS) {
    const pool = { keepAlive: true, maxSockets: connections, scheduling: 'lifo' as const };
    this.agents = [new HttpAgent(pool), new HttpsAgent({ ...pool, rejectUnauthorized: tlsVerify })];
    this.axios = create({
      baseURL: `${url.replace(/\/+$/, '')}/api/v1`,
      httpAgent: this.agents[0],
      httpsAgent: this.agents[1],
      timeout: idleMs,
      maxRedirects: 0,
      responseType: 'arraybuffer',
      validateStatus: () => true,
      headers: { accept: 'application/json' },
      paramsSerializer: (query) =>
        Object.entries(query)
          .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
          .join('&'),
    });
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.exchange(request);
    const failure = failureOf(answer.status);
    const json = String(answer.headers['content-type'] ?? '').startsWith('application/json');
    const what = `${request.method} ${request.path} answered ${answer.status}`;
    if (failure === 'not found' && !json) throw new EtError('not json', `${what} without JSON`, answer);
    if (failure) {
      const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], Date.now());
      throw new EtError(failure, what, {
        status: answer.status,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    if (!json) throw new EtError('not json', `${what} without JSON`, { status: answer.status });
    return { body: this.read(answer.data, what, answer.status), date: answer.headers['date'] };
  }

  /** Closes the kept connections. */
  close(): void {
    for (const agent of this.agents) agent.destroy();
  }

  private read(json: Buffer, what: string, status: number): unknown {
    try {
      return readJson(json, { exact: true });
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      if (error.isTooLarge) throw new EtError('too large', `${what} with JSON that ${error.message}`, { status });
      throw new EtError('not json', `${what} with broken JSON`, { status });
    }
  }

  private async exchange(request: HttpRequest): Promise<AxiosResponse<Buffer>> {
    // Not AbortSignal.timeout and any: theirs outlive the request, and thousands of them were most of the heap.
    const ending = new AbortController();
    const abort = () => ending.abort();
    const deadline = setTimeout(abort, WHOLE_MS);
    request.signal?.addEventListener('abort', abort, { once: true });
    try {
      request.signal?.throwIfAborted();
      return await this.axios.request<Buffer>({
        method: request.method,
        url: request.path,
        ...(request.query ? { params: request.query } : {}),
        ...(request.form ? { data: new URLSearchParams(request.form) } : {}),
        // Counted as it is unpacked, so that no small answer becomes a large one.
        maxContentLength: request.maxBytes ?? MAX_ANSWER_BYTES,
        ...(request.authorization ? { headers: { authorization: request.authorization } } : {}),
        signal: ending.signal,
      });
    } catch (error) {
      request.signal?.throwIfAborted();
      throw wireError(request, error);
    } finally {
      clearTimeout(deadline);
      request.signal?.removeEventListener('abort', abort);
    }
  }
}

/** An axios error holds the request's headers and body, secrets among them, so it never travels as a cause. */
function wireError({ method, path, maxBytes = MAX_ANSWER_BYTES }: HttpRequest, error: unknown): EtError {
  if (!isAxiosError(error)) return new EtError('unreachable', `${method} ${path} got no answer`, { cause: error });
  if (error.message.startsWith('maxContentLength')) {
    return new EtError('too large', `${method} ${path} answered more than ${maxBytes} bytes`);
  }
  const reason = error.code ?? 'no code';
  const brief = error.cause instanceof Error ? error.cause.message : error.message;
  return new EtError(failureOfCode(error.code), `${method} ${path} got no answer: ${reason}`, {
    cause: new Error(brief),
  });
}
