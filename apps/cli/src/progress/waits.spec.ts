import { RejectedError, TransientError, type Log } from '#messaging';

import { EtError } from '../../../extractor/src/et/errors.js';
import { tellingWaits } from './waits.js';

function heard(): { log: Log; lines: string[]; logged: string[]; pass(ms: number): void } {
  const [lines, logged]: string[][] = [[], []];
  let now = 0;
  const hear = (_fields: object, message: string) => void logged?.push(message);
  const log = tellingWaits(
    { debug: hear, info: hear, warn: hear, error: hear },
    (line) => void lines?.push(line),
    () => now,
  );
  return { log, lines: lines ?? [], logged: logged ?? [], pass: (ms) => void (now += ms) };
}

const away = new TransientError('reading slice run:2026-01-01: …', {
  outside: true,
  cause: new EtError('unreachable', 'GET /sessions got no answer: ECONNREFUSED'),
});

it('tells what is waited for at once, and then twice a minute', () => {
  const { log, lines, logged, pass } = heard();
  for (let second = 0; second < 60; second++, pass(1000)) log.warn({ error: away }, 'message set aside for a while');
  expect(lines).toEqual(
    Array(2).fill(
      'Waiting, and trying again: GET /sessions got no answer: ECONNREFUSED ' +
        '(check ET_URL or ET_DOMAIN, and that this machine may reach it (DNS, proxy, firewall))',
    ),
  );
  expect(logged).toHaveLength(60);
});

it('tells what else is away with all its causes', () => {
  const { log, lines } = heard();
  const error = new TransientError('the database cannot do it now', { outside: true, cause: new Error('refused') });
  log.warn({ error }, 'message set aside for a while');
  expect(lines).toEqual(['Waiting, and trying again: the database cannot do it now: refused']);
});

it('is silent about what is not tried again', () => {
  const { log, lines } = heard();
  log.warn({ error: new RejectedError('broken') }, 'message dead-lettered');
  log.warn({ queue: 'etl.raw.live.v1' }, 'no error');
  expect(lines).toEqual([]);
});

it('tells since when something is waited for, while nothing else is tried', () => {
  const { log, lines } = heard();
  const since = new Date('2026-11-23T14:03:05Z');
  log.debug({ what: 'database', since, error: new Error('refused') }, 'database is still away');
  log.debug({ what: 'database', since, error: new Error('refused') }, 'database is still away');
  log.debug({ error: new Error('refused') }, 'transaction is repeated');
  expect(lines).toEqual(['Waiting for database since 14:03:05 UTC: refused']);
});
