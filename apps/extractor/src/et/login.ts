import type { EtSettings } from '#config';

import { EtError } from './errors.js';
import type { HttpAnswer, HttpRequest } from './http.js';

/** A token is renewed this long before its end, or at half its life where that is shorter. */
const RENEW_BEFORE_MS = 60_000;
/** A refused login is not tried again for this long: hundreds of requests would lock the account. */
const DENIED_MS = 30_000;

interface Token {
  readonly authorization: string;
  readonly renewAtMs: number;
}

/** The two ways into ET: user and password for tokens that end, or a personal token that is sent as is. */
export class EtLogin {
  private readonly way: EtSettings['login'];
  private readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  private token: Token | undefined;
  private pending: Promise<Token> | undefined;
  private denied: { readonly error: EtError; readonly untilMs: number } | undefined;

  constructor(way: EtSettings['login'], send: (request: HttpRequest) => Promise<HttpAnswer>) {
    this.way = way;
    this.send = send;
  }

  /** The `Authorization` header to send now; many callers share one login. Throws `EtError`. */
  async authorization(): Promise<string> {
    if (this.way.kind === 'token') return `Bearer ${this.way.token}`;
    if (this.token && Date.now() < this.token.renewAtMs) return this.token.authorization;
    if (this.denied && Date.now() < this.denied.untilMs) throw this.denied.error;
    this.pending ??= this.logIn(this.way.user, this.way.password).finally(() => (this.pending = undefined));
    this.token = await this.pending;
    return this.token.authorization;
  }

  /** ET refused this header: true where logging in again may help. */
  refused(authorization: string): boolean {
    if (this.way.kind === 'token') return false;
    if (this.token?.authorization === authorization) this.token = undefined;
    return true;
  }

  private async logIn(username: string, password: string): Promise<Token> {
    const path = '/login/access-token';
    const { body } = await this.send({ method: 'POST', path, form: { username, password } }).catch((error: unknown) => {
      const told = deniedAsAuth(error);
      if (told instanceof EtError && told.kind === 'auth')
        this.denied = { error: told, untilMs: Date.now() + DENIED_MS };
      throw told;
    });
    const { access_token: token, token_type: type, expires_in: life } = Object(body) as Record<string, unknown>;
    if (!isWord(token)) throw new EtError('not json', `POST ${path} answered without a token that a header can hold`);
    const lifeMs = Number(life) * 1000;
    return {
      authorization: `${isWord(type) ? type : 'Bearer'} ${token}`,
      renewAtMs: lifeMs > 0 ? Date.now() + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 2) : Number.POSITIVE_INFINITY,
    };
  }
}

/** What a header can hold: anything else would be sent without what it cannot. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}

/** Installations answer a wrong password with 400, 401, 403 or 422. */
function deniedAsAuth(error: unknown): unknown {
  if (!(error instanceof EtError) || !['auth', 'forbidden', 'refused'].includes(error.kind)) return error;
  return new EtError('auth', `ET refused the login: ${error.message}`, error.status ? { status: error.status } : {});
}
