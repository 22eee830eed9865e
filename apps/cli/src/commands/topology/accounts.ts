import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unescape } from 'node:querystring';

import type { Service } from '#contracts';
import { rightsOf } from '#messaging';

import { PreflightError, UsageError } from '../../exit-codes.js';

/** Accounts are called as the services are. */
const accounts = ['extractor', 'transformer', 'loader', 'operator'] as const satisfies Service[];

/** Sees how long queues are and nothing in them, for autoscalers and alerts. Made where it has a password. */
const MONITOR = 'monitor';
type Account = (typeof accounts)[number] | typeof MONITOR;

const ANSWER_MS = 10_000;

/** Commands that give accounts which are there already the rights they need. */
export function grants(vhost: string): string[] {
  return accounts.map((account) => {
    const { configure, write, read } = rightsOf(account);
    return ['rabbitmqctl set_permissions -p', quoted(vhost), account, ...[configure, write, read].map(quoted)].join(
      ' ',
    );
  });
}

/** One word of a shell's command, whatever it holds. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The virtual host of a broker's URL, as clients read it. */
export function vhostOf(amqpUrl: string): string {
  return unescape(new URL(amqpUrl).pathname.slice(1)) || '/';
}

/** Where the management API is: as told, else at its usual port of the broker's host, by TLS where the broker is. Throws `UsageError`. */
export function managementOf(amqpUrl: string, told: string | undefined): URL {
  const { protocol, hostname } = new URL(amqpUrl);
  // An administrator's password goes there: no less guarded than to the broker.
  const text = told ?? (protocol === 'amqps:' ? `https://${hostname}:15671` : `http://${hostname}:15672`);
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    throw new UsageError('--management has to look like http://host:15672');
  }
  return new URL(text);
}

/**
 * The passwords of the accounts, each in a file of the folder. Throws `UsageError` where one but that of `monitor` is
 * missing, or empty: the broker would make an account that nobody can use.
 */
export function passwordsIn(folder: string): ReadonlyMap<Account, string> {
  const fileOf = (account: Account): string => path.join(folder, `amqp_${account}`);
  const wanted: Account[] = existsSync(fileOf(MONITOR)) ? [...accounts, MONITOR] : [...accounts];
  return new Map(
    wanted.map((account) => {
      const file = fileOf(account);
      const password = existsSync(file) ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : '';
      if (password === '') throw new UsageError(`${file} has to hold the password of ${account}`);
      return [account, password];
    }),
  );
}

/**
 * Makes each account, or gives it this password, and the rights it needs and no others. Throws `PreflightError` where
 * the management API does not do so for the user of its own URL, or else of the broker's.
 */
export async function makeAccounts(amqpUrl: string, api: URL, passwords: ReadonlyMap<Account, string>): Promise<void> {
  const broker = new URL(amqpUrl);
  const { username, password } = api.username === '' ? broker : api;
  const user = `${unescape(username)}:${unescape(password)}`;
  const headers = {
    authorization: `Basic ${Buffer.from(user).toString('base64')}`,
    'content-type': 'application/json',
  };
  const put = async (resource: string, body: object): Promise<void> => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const request = { method: 'PUT', headers, body: JSON.stringify(body), signal };
    const response = await fetch(`${api.origin}/api/${resource}`, request).catch((cause: unknown) => {
      throw new PreflightError(`RabbitMQ's management API at ${api.host} cannot be reached`, HINT, { cause });
    });
    if (!response.ok) {
      throw new PreflightError(`RabbitMQ's management API at ${api.host} answers ${response.status}`, HINT);
    }
  };
  for (const [account, secret] of passwords) {
    const monitors = account === MONITOR;
    await put(`users/${account}`, { password: secret, tags: monitors ? 'monitoring' : '' });
    const rights = monitors ? { configure: '^$', write: '^$', read: '^$' } : rightsOf(account);
    await put(`permissions/${encodeURIComponent(vhostOf(amqpUrl))}/${account}`, rights);
  }
}

const HINT = 'name it by --management http://host:15672, and let AMQP_URL be that of an administrator';
