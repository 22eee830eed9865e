import { sliceStates, type PlannedSlice } from '#contracts';

import { closableStates, finalStates, sliceOf, sliceRow } from './slice-rows.js';

it.each<PlannedSlice>([
  { sliceId: 'r:agents', lane: 'live', subject: { kind: 'dictionary', dictionary: 'agents' } },
  { sliceId: 'r:2026-11-01', lane: 'backfill', subject: { kind: 'day', day: '2026-11-01' } },
  { sliceId: 'r:f', lane: 'live', subject: { kind: 'day', day: '2026-11-01', filters: 'categories,1|or', limit: 200 } },
])('gives back slice $sliceId as it was planned', (planned) => {
  const row = sliceRow('r', planned, '2026-11-22 00:00:00.000000');
  expect(sliceOf(row)).toEqual({ runId: 'r', ...planned });
});

it('holds every state either closable or final', () => {
  expect([...closableStates, ...finalStates].sort()).toEqual([...sliceStates].sort());
});
