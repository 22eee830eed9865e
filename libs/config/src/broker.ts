import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Environment } from './environment.js';
import { anyText, yesOrNo } from './rules.js';
import { fallingBack, reader, take, type Reader, type Report, type Rule } from './schema.js';
import type { AmqpTls } from './settings.js';

const address: Rule<string> = {
  read: (text) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    return url && /^amqps?:$/.test(url.protocol) && url.hostname !== '' ? text.trim() : undefined;
  },
  problem: (text) => {
    const scheme = /^([a-z]+):\/\//i.exec(text.trim())?.[1]?.toLowerCase();
    if (scheme === undefined || /^amqps?$/.test(scheme)) return 'cannot be read as a URL';
    return `has the scheme ${scheme}`;
  },
  mend: 'set amqp://user:password@host:5672/vhost (amqps for TLS), signs in a password percent-encoded',
};

/** The broker's URL with its password, wherever that was given. Without a broker there is none. */
export const optionalBrokerUrl: Reader<string | undefined> = reader<string | undefined>(readUrl);

/** A service of its own cannot do without the broker. */
export const brokerUrl: Reader<string> = reader((environment, report) => {
  const url = readUrl(environment, report);
  if (url === undefined && environment.values.AMQP_URL === undefined && !environment.faults.AMQP_URL) {
    const mend = 'set amqp://user:password@host:5672/vhost; `et-etl run` alone works without a broker';
    report({ variable: 'AMQP_URL', problem: 'is missing', mend });
  }
  return url;
});

/** False: everything was declared beforehand. */
export const amqpDeclare: Reader<boolean> = fallingBack('AMQP_DECLARE', yesOrNo, true);

const pem = {
  AMQP_TLS_CA: ['CERTIFICATE', 'certificates'],
  AMQP_TLS_CERT: ['CERTIFICATE', 'a certificate'],
  AMQP_TLS_KEY: ['PRIVATE KEY', 'a key'],
} as const;

/** What `amqps://` needs beside the URL. */
export const amqpTls: Reader<AmqpTls> = reader((environment, report) => {
  const read = (variable: keyof typeof pem): string | undefined => {
    const file = take(environment, variable, anyText, report);
    if (file === undefined) return undefined;
    const [label, what] = pem[variable];
    const tell = (problem: string) => report({ variable, problem, mend: `name a file of ${what} in PEM form` });
    if (/^amqp:/i.test(environment.values.AMQP_URL?.trim() ?? '')) tell('is set, but AMQP_URL begins with amqp://');
    try {
      const text = readFileSync(resolve(environment.folder, file), 'utf8');
      if (!new RegExp(`-----BEGIN ([A-Z]+ )?${label}-----`).test(text)) tell(`names a file that does not hold ${what}`);
      return text;
    } catch {
      tell('names a file that cannot be read');
      return undefined;
    }
  };
  const [ca, cert, key] = [read('AMQP_TLS_CA'), read('AMQP_TLS_CERT'), read('AMQP_TLS_KEY')];
  if ((cert === undefined) !== (key === undefined)) {
    const [variable, other] =
      cert === undefined ? ['AMQP_TLS_KEY', 'AMQP_TLS_CERT'] : ['AMQP_TLS_CERT', 'AMQP_TLS_KEY'];
    report({ variable, problem: `is set without ${other}`, mend: 'a certificate and its key belong together' });
  }
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
});

function readUrl(environment: Environment, report: Report): string | undefined {
  const text = take(environment, 'AMQP_URL', address, report);
  const password = take(environment, 'AMQP_PASSWORD', anyText, report);
  if (text === undefined || password === undefined) return text;
  const url = new URL(text);
  const tell = (problem: string, mend: string) => report({ variable: 'AMQP_PASSWORD', problem, mend });
  if (url.password !== '') tell('is set, and AMQP_URL holds a password too', 'keep only one of the two');
  if (url.username === '') tell('is set, but AMQP_URL names no user', 'set amqp://user@host:5672/vhost');
  url.password = encodeURIComponent(password);
  return url.href;
}
