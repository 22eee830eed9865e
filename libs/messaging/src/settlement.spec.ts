import { RejectedError, TransientError } from './failures.js';
import { classOf, failureHeaders, outcomeOf, reasonOf } from './settlement.js';

const outside = new TransientError('away', { outside: true });

it.each([
  ['a rejected message is dead at once', new RejectedError('broken'), 0, 'dead'],
  ['a fault of the work is retried', new TransientError('failed'), 0, 'retry'],
  ['a fault of the work is retried up to the limit', new TransientError('failed'), 5, 'retry'],
  ['after the last retry it is dead', new TransientError('failed'), 6, 'dead'],
  ['an unknown error is retried', new TypeError('unforeseen'), 0, 'retry'],
  ['so is what is no error', 'thrown text', 0, 'retry'],
  ['and dead after the last retry', undefined, 6, 'dead'],
  ['what time heals elsewhere is parked however often', outside, 6, 'park'],
])('%s', (_what, error, attempt, kind) => {
  expect(outcomeOf(error, attempt, 6)).toMatchObject({ kind, error });
});

it('counts a retry', () => {
  expect(outcomeOf(new Error('failed'), 2, 6)).toMatchObject({ attempt: 3 });
});

it('tells an error with its causes, in few words', () => {
  const error = new Error('loading', { cause: new Error('connecting', { cause: 'refused' }) });
  expect(reasonOf(error)).toBe('loading: connecting: refused');
  expect(reasonOf(new Error('x'.repeat(2_000)))).toHaveLength(500);
  expect(reasonOf(undefined)).toBe('no reason was given');
});

it('tells nothing that a database would not take', () => {
  expect(reasonOf(new Error(`a\0b${'\ud83d\ude00'.repeat(400)}`))).toBe(`ab${'\ud83d\ude00'.repeat(249)}`);
  expect(reasonOf(new Error('\ud83d'))).toBe('\ufffd');
});

it('does not repeat a cause that was quoted already', () => {
  const cause = new Error('GET /sessions answered 422', { cause: new Error('read ECONNRESET') });
  const error = new RejectedError('reading: GET /sessions answered 422 (check the filters)', { cause });
  expect(reasonOf(error)).toBe('reading: GET /sessions answered 422 (check the filters): read ECONNRESET');
});

it('ends with errors that cause each other', () => {
  const error = new Error('one');
  error.cause = new Error('two', { cause: error });
  expect(reasonOf(error)).toBe('one: two');
});

it('names the kind of fault that lies deepest enough to have one', () => {
  const refused = Object.assign(new Error('409'), { name: 'EtError', kind: 'refused' });
  expect(classOf(new RejectedError('reading', { cause: refused }))).toBe('EtError refused');
  expect(classOf(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))).toBe('Error ECONNRESET');
  expect(classOf(new TypeError('unforeseen'))).toBe('TypeError');
  expect(classOf('thrown text')).toBe('string');
});

describe('headers of what failed', () => {
  const route = { stage: 'raw', lane: 'live' } as const;
  const [first, later] = [new Date('2026-11-20T10:00:00Z'), new Date('2026-11-20T11:00:00Z')];

  it('say why, where and when', () => {
    expect(failureHeaders(new RejectedError('broken'), route, {}, first)).toEqual({
      'x-error': 'broken',
      'x-error-class': 'RejectedError',
      'x-origin-queue': 'etl.raw.live.v1',
      'x-origin-service': 'transformer',
      'x-first-failed-at': first.toISOString(),
      'x-failed-at': first.toISOString(),
    });
  });

  it('keep the time of the first failure', () => {
    const before = failureHeaders(new Error('once'), route, {}, first);
    const after = failureHeaders(new Error('twice'), route, before, later);
    expect(after).toMatchObject({ 'x-first-failed-at': first.toISOString(), 'x-failed-at': later.toISOString() });
  });
});
