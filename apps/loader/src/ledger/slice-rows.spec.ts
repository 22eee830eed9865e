import { sliceStates, type PlannedSlice } from '#contracts';

import { closableStates, finalStates, sliceOf, sliceRow } from './slice-rows.js';

it.each<PlannedSlice>([
  { sliceId: 'r:agents', lane: 'live', subject: { kind: 'dictionary', dictionary: 'agents' } },
  { sliceId: 'r:2026-11-01', lane: 'backfill', subject: { kind: 'day', day: '2026-11-01' } },
  { sliceId: 'r:f', lane: 'live', subject: { kind: 'day', day: '2026-11-01', filters: 'categories,1|or', limit: 200 } },
  { sliceId: 'r:a', lane: 'live', subject: { kind: 'day', day: '2026-11-01', allowDeletes: true } },
  {
    sliceId: 'r:2026-11-01:c0',
    lane: 'live',
    subject: {
      kind: 'sessions',
      day: '2026-11-01',
      why: 'unknown',
      sessions: [{ id: '0b7e9f0c-7a1f-4a51-9d5c-6f2f3b1f8a11', documents: ['scores', 'comments'] }],
    },
  },
])('gives back slice $sliceId as it was planned', (planned) => {
  const row = sliceRow('r', planned, '2026-11-22 00:00:00.000000');
  expect(sliceOf(row)).toEqual({ runId: 'r', ...planned });
});

it('holds every state either closable or final', () => {
  expect([...closableStates, ...finalStates].sort()).toEqual([...sliceStates].sort());
});
