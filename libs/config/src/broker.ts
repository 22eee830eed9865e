import type { Environment } from './environment.js';
import { anyText, yesOrNo } from './rules.js';
import { fallingBack, reader, take, type Reader, type Report, type Rule } from './schema.js';

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
