import { runReport } from '../report/run-report.fixture.js';
import { progressOf, type Flow } from './stages.js';

const idle = { published: 0, done: 0, dead: 0 };
const flow: Flow = {
  messages: {
    commands: idle,
    slices: { published: 10, done: 4, dead: 0 },
    pages: { published: 8, done: 6, dead: 1 },
    raw: { published: 7, done: 7, dead: 0 },
    rows: { published: 7, done: 5, dead: 1 },
    ends: idle,
    problems: idle,
    questions: idle,
  },
  setAside: 4,
};
const open = runReport({ state: 'open', slices: { verified: 3, planned: 4, queued: 3 }, listed: 500, answered: 420 });

describe('progressOf', () => {
  it('tells days and records of runs together', () => {
    expect(progressOf([open, open], undefined, [], 0).stages).toEqual([
      { name: 'days and dictionaries', done: 6, total: 20 },
      { name: 'conversations and items', done: 840, total: 1000 },
    ]);
  });

  it('tells the stages of its own process between', () => {
    expect(progressOf([open], flow, [], 0).stages.map(({ name, done, total }) => `${name} ${done}/${total}`)).toEqual([
      'days and dictionaries 3/10',
      'pages read 6/8',
      'batches mapped 7/7',
      'batches loaded 5/7',
      'conversations and items 420/500',
    ]);
  });

  it('never shows more done than there is: answers come before the end of the listing tells how many', () => {
    const early = runReport({ state: 'open', listed: 0, answered: 70 });
    expect(progressOf([early], undefined, [], 0).stages.at(-1)).toMatchObject({ done: 70, total: 70 });
  });

  it('tells what is left in each lane, and until when', () => {
    const one = runReport({ state: 'open', eta: 90, lanes: [{ lane: 'live', planned: 12, queued: 3 }] });
    const lanes = [
      { lane: 'live', planned: 0, queued: 1 },
      { lane: 'backfill', planned: 300, queued: 16 },
    ] as const;
    const other = runReport({ state: 'open', eta: 700, lanes: [...lanes] });
    expect(progressOf([one, other, open], undefined, [], 0)).toMatchObject({
      lanes: [
        { lane: 'live', left: 16, inHand: 4 },
        { lane: 'backfill', left: 316, inHand: 16 },
      ],
      eta: 700,
      paused: [],
    });
    const paused = runReport({ state: 'paused', lanes: [{ lane: 'live', planned: 0, queued: 0 }] });
    expect(progressOf([paused], undefined, [], 0)).toMatchObject({ lanes: [], eta: null, paused: [paused.runId] });
  });

  it('tells what is not as it should be', () => {
    const run = runReport({ state: 'open', rejected: 2, slices: { unverified: 1, failed: 1 } });
    expect(progressOf([run, run], flow, [], 0).flaws).toEqual({ rejected: 4, unverified: 4, setAside: 4, dead: 2 });
    expect(progressOf([open], undefined, [], 0).flaws).toEqual({ rejected: 0, unverified: 0, setAside: 0, dead: 0 });
  });

  it('measures the rate over the last ten seconds', () => {
    const samples = [
      { at: 0, loaded: 0 },
      { at: 10_000, loaded: 400 },
    ];
    expect(progressOf([open], undefined, samples, 12_000).rate).toBe(10);
    expect(progressOf([open], undefined, [], 12_000).rate).toBeUndefined();
  });
});
