/** How a request to ET can fail. */
export type EtFailure =
  | 'unreachable'
  | 'tls'
  | 'auth'
  | 'forbidden'
  | 'not found'
  | 'refused'
  | 'rate limit'
  | 'server'
  | 'not json'
  | 'too large';

interface Policy {
  /** Asked again in process, with growing pauses. */
  readonly again: boolean;
  /** ET, the network or the account is at fault, not this request: work waits for it instead of failing. */
  readonly outside: boolean;
  /** What the operator can do. */
  readonly hint: string;
}

export const policies = {
  unreachable: {
    again: true,
    outside: true,
    hint: 'check ET_URL or ET_DOMAIN, and that this machine may reach it (DNS, proxy, firewall)',
  },
  tls: {
    again: false,
    outside: true,
    hint: 'the certificate is not trusted: add its authority with NODE_EXTRA_CA_CERTS, or set ET_TLS_VERIFY=false',
  },
  auth: { again: false, outside: true, hint: 'check ET_USER and ET_PASSWORD, or ET_TOKEN with ET_AUTH_BY_TOKEN=true' },
  forbidden: { again: false, outside: true, hint: "the account's role may not read this: ask ET's administrator" },
  'not found': {
    again: false,
    outside: false,
    hint: 'check that ET_URL or ET_DOMAIN names an Ender Turing installation',
  },
  refused: { again: false, outside: false, hint: 'ET does not understand the request: check the filters' },
  'rate limit': { again: true, outside: true, hint: 'lower ET_CONCURRENCY if this lasts' },
  server: { again: true, outside: true, hint: "ET has trouble of its own: ask ET's support if this lasts" },
  'not json': { again: true, outside: true, hint: 'a proxy or another site answers: check ET_URL or ET_DOMAIN' },
  'too large': {
    again: false,
    outside: false,
    hint: "the answer is above a limit and was not read: ask ET's support what it holds",
  },
} as const satisfies Record<EtFailure, Policy>;

/** Every kind of failure, for counters. */
export const failures = Object.keys(policies) as EtFailure[];

/** A request to ET that failed. Messages name the path alone: no query, no header, no body. */
export class EtError extends Error {
  override readonly name = 'EtError';
  readonly kind: EtFailure;
  readonly status: number | undefined;
  /** How long ET asked to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** When the failed request was sent, as versions count; set by the client. */
  version: number | undefined;

  constructor(kind: EtFailure, what: string, options: ErrorOptions & { status?: number; retryAfterMs?: number } = {}) {
    super(what, options);
    this.kind = kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }

  get hint(): string {
    return policies[this.kind].hint;
  }

  get outside(): boolean {
    return policies[this.kind].outside;
  }
}

/** What an HTTP status means; undefined for success. Source: et-api facts, RFC 9110. */
export function failureOf(status: number): EtFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401) return 'auth';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not found';
  if (status === 429) return 'rate limit';
  if (status === 408 || status === 425 || status >= 500) return 'server';
  return 'refused';
}

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|EPROTO$|HOSTNAME_)/;

/** What a request that brought no answer failed of, by Node's error code. */
export function failureOfCode(code: string | undefined): EtFailure {
  return code !== undefined && TLS_CODES.test(code) ? 'tls' : 'unreachable';
}
