import fc from 'fast-check';

import { betterOf, decide, type AttemptEnd, type OutcomeCounts, type SliceScope, type Verdict } from './decide.js';

const day: SliceScope = { kind: 'day', whole: true };
const part: SliceScope = { kind: 'day', whole: false };
const dictionary: SliceScope = { kind: 'dictionary', whole: true };
const asked: SliceScope = { kind: 'sessions', whole: false };

const outcomes = (counts: Partial<OutcomeCounts>): OutcomeCounts => ({
  gone: 0,
  loaded: 0,
  rejected: 0,
  unknown: 0,
  ...counts,
});
const end = (listed: number, before: number | null = listed, after: number | null = listed): AttemptEnd => ({
  listed,
  countBefore: before,
  countAfter: after,
  dayOver: true,
  reason: null,
});

describe.each<[string, SliceScope, AttemptEnd, Partial<OutcomeCounts>, string | null]>([
  ['a day whose counts agree', day, end(3), { loaded: 3 }, 'verified'],
  ['an empty day', day, end(0), {}, 'verified'],
  ['rejected and gone ones, which are answered for', day, end(3), { loaded: 1, rejected: 1, gone: 1 }, 'verified'],
  ['a day with a key unanswered', day, end(3), { loaded: 2 }, null],
  ['a day that lost one while listed', day, end(3, 4, 3), { loaded: 3 }, 'unverified'],
  ['a day that grew while listed', day, end(3, 3, 4), { loaded: 3 }, 'unverified'],
  ['a day ET gave no count of', day, end(3, null, null), { loaded: 3 }, 'unverified'],
  ['unknown details', day, end(3), { loaded: 2, unknown: 1 }, 'unverified'],
  ['today', day, { ...end(3, 3, 4), dayOver: false }, { loaded: 3 }, 'complete'],
  ['today with unknown details', day, { ...end(1), dayOver: false }, { unknown: 1 }, 'complete'],
  ['single sessions', asked, end(2, null, null), { loaded: 1, gone: 1 }, 'complete'],
  ['single sessions that could not be had', asked, end(2, null, null), { gone: 1, unknown: 1 }, 'complete'],
  ['single sessions not all answered for', asked, end(2, null, null), { gone: 1 }, null],
  [
    'a listing that left some out and says so',
    day,
    { ...end(3, 4, 4), reason: 'too large' },
    { loaded: 3 },
    'unverified',
  ],
  ['a filter whose counts agree', part, end(3), { loaded: 3 }, 'complete'],
  ['a filter whose counts disagree', part, end(3, 3, 4), { loaded: 3 }, 'unverified'],
  ['a limit', part, end(3, null, null), { loaded: 3 }, 'complete'],
  ['a filter with unknown details', part, end(1), { unknown: 1 }, 'unverified'],
  ['a dictionary', dictionary, end(2, null, null), { loaded: 2 }, 'verified'],
  ['a dictionary still on its way', dictionary, end(2, null, null), { loaded: 1 }, null],
])('%s', (_what, scope, ended, counts, state) => {
  it(`is ${state ?? 'left open'}`, () => {
    expect(decide(scope, ended, outcomes(counts))?.state ?? null).toBe(state);
  });
});

it('tells why a day is not verified', () => {
  expect(decide(day, end(3, 4, null), outcomes({ loaded: 3 }))?.reason).toBe(
    'ET counted 4 before and nothing after listing 3',
  );
  expect(decide(day, { ...end(3, 4, 4), reason: 'one was too large' }, outcomes({ loaded: 3 }))?.reason).toBe(
    'ET counted 4 before and 4 after listing 3; one was too large',
  );
  expect(decide(day, { ...end(1), dayOver: false }, outcomes({ loaded: 1 }))?.reason).toBe('the day is not over');
  expect(decide(day, end(1), outcomes({ unknown: 1 }))?.reason).toBe('details of 1 could not be had');
});

it('verifies a day only where every count agrees and nothing is unknown', () => {
  const count = fc.nat({ max: 4 });
  const any = fc.record({ gone: count, loaded: count, rejected: count, unknown: count });
  fc.assert(
    fc.property(
      count,
      fc.option(count),
      fc.option(count),
      any,
      fc.boolean(),
      (listed, before, after, counts, whole) => {
        const verdict = decide({ kind: 'day', whole }, end(listed, before, after), counts);
        if (verdict?.state !== 'verified') return;
        const answered = counts.gone + counts.loaded + counts.rejected + counts.unknown;
        expect([whole, before, after, counts.unknown, answered >= listed]).toEqual([true, listed, listed, 0, true]);
      },
    ),
  );
});

it('takes the better of two attempts in either order', () => {
  const verified: Verdict = { state: 'verified', reason: null };
  const unverified: Verdict = { state: 'unverified', reason: 'x' };
  expect(betterOf(verified, unverified)).toBe(verified);
  expect(betterOf(unverified, verified)).toBe(verified);
  expect(betterOf(null, unverified)).toBe(unverified);
  expect(betterOf(null, null)).toBeNull();
});
