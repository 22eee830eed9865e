import { classifyFailure } from '#messaging';

import { EtError, type EtFailure } from './et/errors.js';
import { asFault, ET, notThere } from './faults.js';

const { signal } = new AbortController();
const settlement = (kind: EtFailure, embedded: boolean) =>
  classifyFailure(asFault(new EtError(kind, 'GET /tags answered'), 'reading', { signal, embedded }));

it.each<[EtFailure, string, string]>([
  ['unreachable', 'park', 'park'],
  ['server', 'park', 'park'],
  ['rate limit', 'park', 'park'],
  ['auth', 'park', 'retry'],
  ['forbidden', 'park', 'reject'],
  ['refused', 'reject', 'reject'],
  ['too large', 'reject', 'reject'],
  ['not found', 'retry', 'retry'],
])('%s: %s in a service, %s where one process does one job and ends', (kind, inService, embedded) => {
  expect([settlement(kind, false), settlement(kind, true)]).toEqual([inService, embedded]);
});

it.each<[EtFailure, string | undefined]>([
  ['unreachable', ET],
  ['tls', ET],
  ['auth', ET],
  ['rate limit', ET],
  ['server', ET],
  ['not json', ET],
  ['forbidden', undefined],
  ['not found', undefined],
])('%s names as away: %s', (kind, away) => {
  expect(asFault(new EtError(kind, 'GET /tags answered'), 'reading', { signal, embedded: false })).toHaveProperty(
    'away',
    away,
  );
});

it('waits at the start for an ET that does not answer, not for one that refuses the account', () => {
  const away = (kind: EtFailure) => notThere(new EtError(kind, 'GET /users answered'));
  expect(away('unreachable')).toHaveProperty('away', ET);
  expect(away('auth')).toHaveProperty('away', undefined);
});

it('tells what was done, what happened and what to do', () => {
  expect(
    asFault(new EtError('forbidden', 'GET /tags answered 403'), 'reading', { signal, embedded: true }),
  ).toMatchObject({
    message: "reading: GET /tags answered 403 (the account's role may not read this: ask ET's administrator)",
  });
});

it('fails nothing that was only stopped', () => {
  const stopped = asFault(new EtError('forbidden', 'late'), 'reading', { signal: AbortSignal.abort(), embedded: true });
  expect(classifyFailure(stopped)).toBe('park');
});

it('leaves errors of others alone', () => {
  const error = new TypeError('a mistake');
  expect(asFault(error, 'reading', { signal, embedded: true })).toBe(error);
});
