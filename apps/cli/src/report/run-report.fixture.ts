import type { RunReport } from '#contracts';

/** A closed run of ten verified slices, with whatever differs; slices are told by state. */
export function runReport(
  differing: Partial<Omit<RunReport, 'slices'>> & { slices?: Partial<RunReport['slices']> },
): RunReport {
  const none = { planned: 0, queued: 0, verified: 10, complete: 0, unverified: 0, failed: 0, cancelled: 0 };
  return {
    runId: '0b6f1d1e-0000-4000-8000-000000000001',
    kind: 'sync',
    state: 'done',
    openedAt: '2026-03-10 08:00:00.000000',
    closedAt: '2026-03-10 08:01:00.000000',
    listed: 1000,
    loaded: 1000,
    rejected: 0,
    gone: 0,
    unknown: 0,
    answered: 1000,
    eta: null,
    rate: null,
    lanes: [],
    unknownFields: {},
    cleaned: { nul: 0, surrogates: 0 },
    notStored: {},
    problems: [],
    ...differing,
    slices: { ...none, ...differing.slices },
  };
}
