import { EtError, failureOf, failureOfCode, failures, policies } from './errors.js';

test('statuses are sorted by what they mean', () => {
  expect([200, 302, 400, 401, 403, 404, 408, 410, 422, 425, 429, 500, 504].map(failureOf)).toEqual([
    undefined,
    'refused',
    'refused',
    'auth',
    'forbidden',
    'not found',
    'server',
    'not found',
    'refused',
    'server',
    'rate limit',
    'server',
    'server',
  ]);
});

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['EPROTO', 'tls'],
  ['ENOTFOUND', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  [undefined, 'unreachable'],
])('%s is %s', (code, kind) => {
  expect(failureOfCode(code)).toBe(kind);
});

test('every kind tells the operator what to do', () => {
  for (const kind of failures) expect(new EtError(kind, 'x').hint).toBe(policies[kind].hint);
});
