import { replayedLines } from './rejects.js';

const nothing = { loaded: [], again: [], refused: [], unanswered: [] };
const reject = {
  id: 'abcdef123456',
  entity: 'session',
  key: 'k',
  day: '2026-11-20',
  runId: 'r',
  sliceId: 'r:1',
  reason: 'no start',
  rejectedAt: '2026-11-20T10:00:00.000Z',
  hasRaw: true,
} as const;

it('a replay tells what was loaded, what was not and how to have it', () => {
  expect(replayedLines(nothing)).toEqual(['No reject fits.']);
  expect(
    replayedLines({ loaded: [reject], again: [reject], refused: [{ reject, problem: 'it was cut' }], unanswered: [] }),
  ).toEqual([
    '1 record loaded.',
    'abcdef123456 is rejected again: no start',
    'abcdef123456 cannot be replayed: it was cut. To have it read again: et-etl backfill --from 2026-11-20 --to 2026-11-20 --force',
  ]);
  expect(replayedLines({ ...nothing, refused: [{ reject: { ...reject, day: null }, problem: 'x' }] })[1]).toContain(
    'et-etl sync',
  );
});
