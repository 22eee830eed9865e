import { tables, type RunReport, type StatusReport } from '#contracts';
import type { Depth } from '#messaging';

import { problemLines } from './problems.js';
import { runReport } from './run-report.fixture.js';
import { statusLines, type Standing } from './status.js';
import { duration, runLines, tableLines } from './summary.js';

type Problem = RunReport['problems'][number];
const problem = (day: string, reason: string): Problem => ({
  sliceId: `run:${day}`,
  lane: 'live',
  subject: { kind: 'day', day },
  state: 'unverified',
  reason,
});

describe('the table of tables', () => {
  it('names every table with its rows and what it holds', () => {
    const lines = tableLines({ sessions: 12345 }, Infinity);
    expect(lines).toHaveLength(tables.length + 2);
    expect(lines).toContain('sessions                  12,345  One row a conversation: call, chat, e-mail or ticket');
  });

  it('fits the terminal', () => {
    expect(Math.max(...tableLines({ sessions: 12345 }, 60).map((line) => line.length))).toBe(60);
  });
});

describe('the summary of runs', () => {
  it('is one line where all is well', () => {
    expect(runLines([runReport({})], 8.4)).toEqual([
      'Loaded in 8 s: 1,000 records; 10 of 10 days and dictionaries verified.',
    ]);
  });

  it('tells what could not be proven, and of what kind', () => {
    const run = runReport({ slices: { verified: 8, complete: 2 }, gone: 1 });
    expect(runLines([run], 61)).toEqual([
      'Loaded in 1 min 1 s: 1,000 records; 8 of 10 days and dictionaries verified, 2 complete without a proof (filtered, cut or not over), 1 gone from ET.',
    ]);
  });

  it('begins with the worst', () => {
    expect(runLines([runReport({}), runReport({ state: 'failed' })], 1)[0]).toMatch(/^Failed in/);
  });

  it.each([
    [0.2, '0 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
  ])('tells %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('problems', () => {
  it('are grouped by reason, with the days they concern', () => {
    const days = ['2026-03-04', '2026-03-01', '2026-03-02', '2026-03-03'];
    const problems = [
      ...days.map((day) => problem(day, 'counts disagree')),
      problem('2026-03-05', 'reading slice run:2026-03-05'),
    ];
    expect(problemLines([runReport({ slices: { unverified: 5 }, problems })])).toEqual([
      '5 days or dictionaries not verified:',
      '  2026-03-01, 2026-03-02, 2026-03-03 and 1 more  unverified: counts disagree',
      '  2026-03-05  unverified: reading it',
    ]);
  });

  it('tell rejects, unknown details, unknown fields, cleaned characters and what a key keeps out', () => {
    const run = runReport({
      rejected: 1,
      unknown: 2,
      unknownFields: { 'sessions.new': 3, 'tags.new': 1 },
      cleaned: { nul: 1, surrogates: 1 },
      notStored: { sessions_comments: 3 },
    });
    expect(problemLines([run, run])).toEqual([
      '2 records rejected: et-etl rejects ls tells why',
      '4 conversations with details that ET did not give: they are asked for again',
      '2 fields of ET that no column takes:',
      '  sessions.new (6 times)',
      '  tags.new (2 times)',
      '4 characters that no database takes: removed or replaced',
      '6 rows of sessions_comments not stored: a unique key of the table lets only the newest in',
    ]);
  });

  it('are counted where they are many', () => {
    const unknownFields = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`field${index}`, 1]));
    expect(problemLines([runReport({ unknownFields })]).at(-1)).toBe('  and 3 more');
  });
});

describe('status', () => {
  const quiet: StatusReport = {
    runs: [],
    tables: {},
    lastVerifiedDay: null,
    unverifiedDays: 0,
    rejects: 0,
    lanes: [],
    deadLetters: 0,
    unknownDetails: 0,
    heldDeletes: 0,
    freshness: null,
    lastSyncedAt: null,
  };
  const lines = (report: Partial<StatusReport>, more: Partial<Standing> = {}) =>
    statusLines({ report: { ...quiet, ...report }, queues: null, silence: [], ...more }, Infinity);
  const queue = (more: Partial<Depth>): Depth => {
    const empty = { work: 0, inHand: null, wait: 0, again: 0, dead: 0, consumers: 1 };
    return { stage: 'raw', lane: 'live', queue: 'etl.raw.live.v1', ...empty, ...more };
  };

  it('says that nothing was done yet', () => {
    expect(lines({}).slice(0, 3)).toEqual(['No day is verified yet.', '', 'No run yet.']);
  });

  it('lists runs, and the problems of the latest', () => {
    const runs = [runReport({ rejected: 3 }), runReport({ rejected: 9 })];
    const told = lines({ runs, lastVerifiedDay: '2026-03-09', unverifiedDays: 2, rejects: 12 });
    expect(told[0]).toBe(
      'The last verified day is 2026-03-09; 2 days not verified; 12 records rejected (et-etl gaps, et-etl rejects ls tell why).',
    );
    expect(told).toContain('3 records rejected: et-etl rejects ls tells why');
    expect(told.filter((line) => line.includes('2026-03-10 08:00'))).toHaveLength(2);
  });

  it('has the whole id of a run on a narrow terminal as well', () => {
    const run = runReport({});
    const report = { ...quiet, runs: [run, run] };
    const wide = statusLines({ report, queues: null, silence: [] }, 140);
    expect(wide.filter((line) => line.startsWith(`${run.runId}  sync  done`))).toHaveLength(2);
    const narrow = statusLines({ report, queues: null, silence: [] }, 80);
    expect(narrow.filter((line) => line === `  ${run.runId}`)).toHaveLength(2);
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('tells dead letters first, wherever they lie', () => {
    const first = 'No day is verified yet; 3 dead letters (et-etl dlq ls tells why).';
    expect(lines({ deadLetters: 3 })[0]).toBe(first);
    expect(lines({}, { queues: [queue({ dead: 1 }), queue({ stage: 'rows', dead: 2 })] })[0]).toBe(first);
  });

  it('shows the queues that hold anything', () => {
    const queues = [
      queue({ work: 1200, wait: 2, again: 1 }),
      queue({ lane: 'backfill' }),
      queue({ stage: 'problems', lane: null, dead: 1 }),
    ];
    expect(lines({}, { queues }).slice(1, 7)).toEqual([
      '',
      'queue     lane  waiting  set aside  dead letters  consumers',
      '────────  ────  ───────  ─────────  ────────────  ─────────',
      'raw       live    1,200          3             0          1',
      'problems              0          0             1          1',
      '',
    ]);
    expect(lines({}, { queues: [queue({})] })[2]).toBe('All queues are empty.');
  });

  it('tells which services take nothing', () => {
    const queues = [queue({ consumers: 0 }), queue({ stage: 'rows', consumers: 0 }), queue({ stage: 'ends' })];
    expect(lines({}, { queues }).filter((line) => line.startsWith('No '))).toEqual([
      'No day is verified yet.',
      'No transformer takes messages: is one running, and what it needs in reach?',
      'No run yet.',
    ]);
  });

  it('tells which services wait before some of their queues', () => {
    const idle = { stage: 'slices', lane: 'live', consumers: 0 } as const;
    const queues = [
      queue(idle),
      queue({ ...idle, stage: 'pages', lane: 'backfill' }),
      queue({ ...idle, lane: 'backfill' }),
    ];
    const told = (more: Depth[]) => lines({}, { queues: [...queues, ...more] }).filter((line) => /takes/.test(line));
    expect(told([queue({ stage: 'commands', lane: null }), queue({ stage: 'rows' })])).toEqual([
      'The extractor takes nothing of slices, pages (backfill) for now: its log and /readyz tell what it waits for.',
    ]);
  });

  it('tells of the queues where no loader answers', () => {
    const silence = ['No loader answers.'];
    expect(statusLines({ report: null, queues: [queue({ dead: 1 })], silence }, Infinity).slice(0, 3)).toEqual([
      'No loader answers.',
      '1 dead letter (et-etl dlq ls tells why).',
      '',
    ]);
  });
});
