import { UsageError } from './exit-codes.js';
import { backfillRequest, runRequest } from './requests.js';

const TODAY = '2026-03-10';

describe('runRequest', () => {
  it.each([
    [{}, { kind: 'sync' }],
    [{ startDt: '2026-03-01' }, { kind: 'range', from: '2026-03-01' }],
    [
      { startDt: TODAY, stopDt: TODAY },
      { kind: 'range', from: TODAY, to: TODAY },
    ],
    [
      { startDt: '2026-03-01', filters: 'reviewers,true' },
      { kind: 'range', from: '2026-03-01', filters: 'reviewers,true' },
    ],
    [{ testMode: true as const }, { kind: 'test', limit: 200 }],
    [
      { testMode: true as const, testModeLimitSessions: 7, stopDt: '2026-03-01' },
      { kind: 'test', limit: 7, to: '2026-03-01' },
    ],
  ])('%j asks for %j', (options, request) => {
    expect(runRequest(options, TODAY)).toEqual(request);
  });

  it.each([
    [{ startDt: '2026-03-02', stopDt: '2026-03-01' }, 'begins on 2026-03-02, after its end on 2026-03-01'],
    [{ startDt: '2026-02-31' }, 'no day of the calendar'],
    [{ startDt: '2026-03-11' }, 'in the future'],
    [{ stopDt: '2026-03-01' }, '--stop-dt needs --start-dt'],
    [{ filters: 'reviewers,true' }, '--filters needs --start-dt'],
    [{ testModeLimitSessions: 7 }, '--test-mode-limit-sessions needs --test-mode'],
  ])('%j is refused: %s', (options, message) => {
    const read = () => runRequest(options, TODAY);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });
});

describe('backfillRequest', () => {
  it('ends today at the latest', () => {
    expect(backfillRequest({ from: '2025-01-01', to: '2027-01-01' }, TODAY)).toEqual({
      kind: 'backfill',
      from: '2025-01-01',
      to: TODAY,
      filters: undefined,
      force: false,
    });
  });

  it('refuses a range the wrong way round', () => {
    expect(() => backfillRequest({ from: '2026-03-02', to: '2026-03-01' }, TODAY)).toThrow(UsageError);
  });
});
