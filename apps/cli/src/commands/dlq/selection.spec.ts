import type { DeadLetter } from '#messaging';

import { UsageError } from '../../exit-codes.js';
import { byId, select, selectExplicitly } from './selection.js';

const letter = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  stage: 'raw',
  lane: 'live',
  queue: 'etl.raw.live.v1',
  service: 'transformer',
  messageId: id,
  attempt: 6,
  reason: 'ET answered 409',
  errorClass: 'EtError refused',
  runId: 'r',
  sliceId: 'r:1',
  firstFailedAt: null,
  deadAt: '2026-11-20T10:00:00.000Z',
  redriven: 0,
  bytes: 10,
  ...more,
});
const one = letter('abc111');
const two = letter('abc222', { stage: 'rows', queue: 'etl.rows.live.v1', errorClass: 'TypeError' });
const three = letter('def333', { lane: 'backfill', queue: 'etl.raw.backfill.v1', reason: 'broken', deadAt: null });
const all = [one, two, three];

it.each([
  ['nothing', {}, all],
  ['a stage', { queue: 'raw' }, [one, three]],
  ['a lane of it', { queue: 'raw.backfill' }, [three]],
  ['a queue', { queue: 'etl.rows.live.v1' }, [two]],
  ['its dead-letter queue', { queue: 'etl.rows.live.v1.dlq' }, [two]],
  ['a part of the reason', { reason: 'ANSWERED' }, [one, two]],
  ['the kind of fault', { reason: 'eterror' }, [one, three]],
  ['a moment: not what has none', { since: '2026-11-20T00:00:00.000Z' }, [one, two]],
  ['a later moment', { since: '2026-11-21T00:00:00.000Z' }, []],
  ['ids by their beginnings', { id: ['abc1', 'DEF'] }, [one, three]],
  ['several at once: all have to fit', { id: ['abc1', 'abc2'], queue: 'rows' }, [two]],
])('are selected by %s', (_what, selection, found) => {
  expect(select(all, selection)).toEqual(found);
});

it('are one where copies of a message have one id', () => {
  expect(byId([one, { ...one }], 'abc')).toEqual(one);
});

it.each([['abc'], ['xyz'], ['']])('an id that several or none begin with is refused: %j', (prefix) => {
  expect(() => byId(all, prefix)).toThrow(UsageError);
});

describe('what does something', () => {
  it.each([[{}], [{ all: true as const, queue: 'raw' }]])('says which it means: %j', (selection) => {
    expect(() => selectExplicitly(all, selection)).toThrow(UsageError);
  });

  it('means all by saying so', () => {
    expect(selectExplicitly(all, { all: true })).toEqual(all);
    expect(selectExplicitly(all, { reason: 'broken' })).toEqual([three]);
  });
});
