import { runReport } from './report/run-report.fixture.js';
import { exitCodeOf } from './exit-codes.js';

describe('exitCodeOf', () => {
  it.each([
    [0, 'everything verified', {}],
    [0, 'today read, which is never verified', { slices: { complete: 1 } }],
    [3, 'a reject', { rejected: 1 }],
    [3, 'an unknown detail', { unknown: 1 }],
    [3, 'an unverified day', { slices: { unverified: 1 } }],
    [1, 'a failed day', { slices: { failed: 1 } }],
    [1, 'a failed run', { state: 'failed' as const }],
    [1, 'a cancelled run', { state: 'cancelled' as const }],
  ])('is %i for %s', (code, _, differing) => {
    expect(exitCodeOf([runReport(differing)])).toBe(code);
  });

  it('is the worst of several runs', () => {
    expect(exitCodeOf([runReport({ rejected: 1 }), runReport({ state: 'failed' }), runReport({})])).toBe(1);
  });
});
