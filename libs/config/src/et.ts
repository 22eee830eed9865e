import { anyText, detailList, whole, yesOrNo } from './rules.js';
import { fallingBack, group, reader, take, type Report, type Rule } from './schema.js';
import type { Environment } from './environment.js';
import { formOf } from './problems.js';
import type { EtSettings } from './settings.js';

const DOMAIN = 'app.enderturing.com';

const address: Rule<string> = {
  read: (text) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
      return undefined;
    return /^\/?(api\/v1\/?)?$/.test(url.pathname) ? url.origin : undefined;
  },
  problem: (text) => {
    if (/@/.test(text)) return 'holds a user or password';
    const scheme = /^([a-z]+):\/\//i.exec(text.trim())?.[1]?.toLowerCase();
    if (scheme === undefined) return `is ${formOf(text)} without a scheme`;
    return scheme === 'http' || scheme === 'https'
      ? 'holds more than scheme, host and port'
      : `has the scheme ${scheme}`;
  },
  mend: `set scheme, host and port alone, such as https://${DOMAIN}`,
};

const domain: Rule<string> = {
  read: (text) => {
    const url = `https://${text.trim()}`;
    return /^[a-z0-9.-]+(:\d+)?$/i.test(text.trim()) && URL.canParse(url) ? new URL(url).origin : undefined;
  },
  problem: (text) => (text.includes('://') ? 'holds a scheme' : `is ${formOf(text)} that is no host name`),
  mend: `set the host alone, such as ${DOMAIN}, or use ET_URL`,
};

const link: Rule<string> = {
  read: (text) => (/^https?:\/\/\S*\{id\}\S*$/i.test(text.trim()) ? text.trim() : undefined),
  problem: (text) => (text.includes('{id}') ? 'is no web address' : 'does not say where the id belongs'),
  mend: `copy the address of a conversation from the browser and write {id} for its id: https://${DOMAIN}/sessions/{id}`,
};

/** Either way to log in; where nothing says which, user and password win, as they did in the original script. */
function login(environment: Environment, report: Report): EtSettings['login'] | undefined {
  const token = take(environment, 'ET_TOKEN', anyText, report);
  const user = take(environment, 'ET_USER', anyText, report);
  const password = take(environment, 'ET_PASSWORD', anyText, report);
  const byToken = take(environment, 'ET_AUTH_BY_TOKEN', yesOrNo, report);
  if (byToken === true || (byToken === undefined && token !== undefined && !(user && password))) {
    if (token !== undefined) return { kind: 'token', token };
    missing(environment, 'ET_TOKEN', 'set a personal access token, or ET_AUTH_BY_TOKEN=false', report);
    return undefined;
  }
  if (user !== undefined && password !== undefined) return { kind: 'password', user, password };
  const instead = byToken === false ? '' : ', or set ET_TOKEN instead';
  if (user === undefined) missing(environment, 'ET_USER', `set the e-mail address of an ET user${instead}`, report);
  if (password === undefined) missing(environment, 'ET_PASSWORD', `set the password of ET_USER${instead}`, report);
  return undefined;
}

function missing(
  environment: Environment,
  variable: 'ET_TOKEN' | 'ET_USER' | 'ET_PASSWORD',
  mend: string,
  report: Report,
): void {
  if (!environment.faults[variable]) report({ variable, problem: 'is missing', mend });
}

/** For the loader, which else has nothing to do with ET: what is wrong with ET's address the extractor tells. */
export const sessionLink = reader((environment, report) => {
  const origin =
    take(environment, 'ET_URL', address, () => undefined) ?? take(environment, 'ET_DOMAIN', domain, () => undefined);
  const usual = origin === undefined ? undefined : `${origin}/sessions/{id}`;
  return take(environment, 'ET_SESSION_LINK', link, report) ?? usual;
});

export const et = group({
  url: reader((environment, report) => {
    const [url, host] = [take(environment, 'ET_URL', address, report), take(environment, 'ET_DOMAIN', domain, report)];
    return url ?? host ?? `https://${DOMAIN}`;
  }),
  login: reader(login),
  tlsVerify: fallingBack('ET_TLS_VERIFY', yesOrNo, true),
  concurrency: fallingBack('ET_CONCURRENCY', whole(1, 512), 32),
  details: fallingBack('ET_DETAILS', detailList, ['scores', 'summary', 'comments'] as const),
});
