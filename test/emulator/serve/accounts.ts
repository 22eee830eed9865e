import { scatterAll } from '../generate/random.js';

/** The login of a person. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Who may ask: one account, its personal token, and the access tokens given out so far. */
export class Accounts {
  readonly user: string;
  readonly password: string;
  /** The long-lived personal token. */
  readonly token: string;
  readonly #lifetimeSeconds: number;
  readonly #expiries = new Map<string, number>();
  #issued = 0;

  constructor(seed: number, lifetimeSeconds: number, account: Partial<Account> = {}) {
    this.user = account.user ?? 'etl@example.com';
    this.password = account.password ?? `p@ss & слово ${seed}`;
    this.token = `pat-${scatterAll(seed, 77).toString(36)}-${scatterAll(seed, 78).toString(36)}`;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** The answer to a login, or undefined where user or password are wrong. Every other `expires_in` is a string. */
  login(form: URLSearchParams): Record<string, unknown> | undefined {
    if (form.get('username') !== this.user || form.get('password') !== this.password) return undefined;
    this.#issued += 1;
    const token = `access-${this.#issued}-${scatterAll(this.#issued, 79).toString(36)}`;
    this.#expiries.set(token, Date.now() + this.#lifetimeSeconds * 1000);
    const seconds = this.#lifetimeSeconds;
    return {
      access_token: token,
      token_type: 'bearer',
      expires_in: this.#issued % 2 === 1 ? String(seconds) : seconds,
    };
  }

  /** `Authorization: bearer <access token>`, or the personal token bare or after any scheme. */
  allows(authorization: string | undefined): boolean {
    if (authorization === undefined) return false;
    const given = authorization.slice(authorization.lastIndexOf(' ') + 1);
    if (given === this.token) return true;
    const expiry = this.#expiries.get(given);
    return expiry !== undefined && expiry > Date.now() && /^bearer /i.test(authorization);
  }

  /** Ends every access token given out, as a restart of ET does. */
  expire(): void {
    this.#expiries.clear();
  }
}
