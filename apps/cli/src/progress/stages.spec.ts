import { runReport } from '../report/run-report.fixture.js';
import { progressOf, type Flow } from './stages.js';

const idle = { published: 0, done: 0 };
const flow: Flow = {
  commands: idle,
  slices: { published: 10, done: 4 },
  pages: { published: 8, done: 6 },
  raw: { published: 7, done: 7 },
  rows: { published: 7, done: 5 },
  ends: idle,
  problems: idle,
  questions: idle,
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

  it('measures the rate over the last ten seconds', () => {
    const samples = [
      { at: 0, loaded: 0 },
      { at: 10_000, loaded: 400 },
    ];
    expect(progressOf([open], undefined, samples, 12_000).rate).toBe(10);
    expect(progressOf([open], undefined, [], 12_000).rate).toBeUndefined();
  });
});
