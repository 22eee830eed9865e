import type { Gaps } from '#contracts';

import { gapLines, isComplete } from './gaps.js';

const none: Gaps = { days: [], unknown: [], unknownTotal: 0, heldDeletes: [] };
const unknown = {
  id: '6f1c2d3e-0000-4000-8000-00000000abcd',
  day: '2026-03-02',
  document: 'summary',
  reason: 'ET answered 500',
  tries: 1,
  nextAt: '2026-03-05T00:10:00.000Z',
} as const;

describe('what is missing', () => {
  it('is nothing where all is well', () => {
    expect(isComplete(none)).toBe(true);
    expect(gapLines(none)).toEqual(['Every day up to yesterday is verified, and no detail is missing.']);
  });

  it('are days, with why, and when they were last read', () => {
    const read = {
      day: '2026-03-01',
      state: 'unverified',
      reason: 'ET counted 10 before and 10 after listing 7',
      readAt: '2026-03-02T00:06:00.000Z',
      onlyDetails: false,
    } as const;
    const never = {
      day: '2026-03-02',
      state: 'missing',
      reason: 'never read',
      readAt: null,
      onlyDetails: false,
    } as const;
    const lines = gapLines({ ...none, days: [read, never] });
    expect(lines[0]).toBe('2 days not verified:');
    expect(lines).toContain('2026-03-01  unverified  2026-03-02 00:06  ET counted 10 before and 10 after listing 7');
    expect(lines).toContain('2026-03-02  missing     never             never read');
    expect(lines.at(-1)).toContain('et-etl heal');
  });

  it('are details by name, at most twenty', () => {
    const lines = gapLines({ ...none, unknown: Array.from({ length: 25 }, () => unknown), unknownTotal: 25 });
    expect(lines[0]).toBe('25 details that ET did not give:');
    expect(lines.filter((line) => line.includes('ET answered 500'))).toHaveLength(20);
    expect(lines).toContain('and 5 more');
    expect(lines.at(-1)).toContain('et-etl heal');
  });

  it('are more details than one heal asks for', () => {
    const lines = gapLines({ ...none, unknown: [unknown], unknownTotal: 12_000 });
    expect(lines.at(-1)).toBe('It asks for 1 details at a time: then again for the rest.');
  });

  it('are sessions that ET lists no more, with how to go on', () => {
    const held = { day: '2026-03-01', candidates: 30, sessions: 100, heldAt: '2026-03-02T00:06:00.000Z' };
    const lines = gapLines({ ...none, heldDeletes: [held] });
    expect(lines[0]).toContain('2026-03-01: ET no longer lists 30 of 100 conversations');
    expect(lines[0]).toContain('et-etl heal --allow-deletes');
    expect(lines).toHaveLength(1);
    expect(isComplete({ ...none, heldDeletes: [held] })).toBe(false);
  });
});
