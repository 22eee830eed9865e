import { barLines, progressLine, wrapped } from './lines.js';
import type { Progress } from './stages.js';
import { lineView } from './view.js';

const progress: Progress = {
  stages: [
    { name: 'days and dictionaries', done: 12, total: 24 },
    { name: 'pages read', done: 0, total: 0 },
    { name: 'conversations and items', done: 1234, total: 2468 },
  ],
  loaded: 1234,
  rate: 410.4,
  lanes: [],
  eta: null,
  paused: [],
  flaws: { rejected: 0, unverified: 0, setAside: 0, dead: 0 },
};
const busy: Progress = {
  ...progress,
  lanes: [
    { lane: 'live', left: 1015, inHand: 16 },
    { lane: 'backfill', left: 12_340, inHand: 16 },
  ],
  eta: 7500,
  flaws: { rejected: 1200, unverified: 31, setAside: 40, dead: 1 },
};
const left = 'live 1,015 left (16 in hand), backfill 12,340 left (16 in hand), about 2 h 5 min';
const flaws = '1,200 rejected, 31 not verified, 40 set aside, tried again soon, 1 dead letter (et-etl dlq ls)';

it('writes progress as one line', () => {
  expect(progressLine(progress)).toBe('12 of 24 days and dictionaries, 1,234 of 2,468 conversations and items, 410/s');
});

it('says in it what is left and what is not as it should be', () => {
  expect(progressLine(busy)).toBe(`${progressLine(progress)}; ${left}; ${flaws}`);
  const paused = { ...busy, eta: null, paused: ['a-run', 'another'], lanes: busy.lanes.slice(0, 1) };
  expect(progressLine(paused)).toContain('; paused (et-etl resume a-run), live 1,015 left (16 in hand); ');
});

it('draws a bar a stage, aligned and within 80 characters', () => {
  const lines = barLines(progress, 79);
  expect(lines).toEqual([
    'days and dictionaries    ████████████░░░░░░░░░░░░      12 of 24',
    'pages read               ░░░░░░░░░░░░░░░░░░░░░░░░       0 of 0',
    'conversations and items  ████████████░░░░░░░░░░░░   1,234 of 2,468  410/s',
  ]);
});

it('says below the bars what is left and what is not as it should be', () => {
  expect(barLines(busy, 139).slice(3)).toEqual([left, flaws]);
  expect(barLines(busy, 79).slice(3)).toEqual([
    'live 1,015 left (16 in hand), backfill 12,340 left (16 in hand), about 2 h 5',
    '  min',
    '1,200 rejected, 31 not verified, 40 set aside, tried again soon, 1 dead letter',
    '  (et-etl dlq ls)',
  ]);
});

it('breaks long lines between words, for bars keep the terminal from doing so', () => {
  expect(wrapped('Waiting: ET does not answer', 14)).toEqual(['Waiting: ET', '  does not', '  answer']);
  expect(wrapped('short', 80)).toEqual(['short']);
  expect(wrapped('etl_a_word_longer_than_the_line is kept', 10)).toEqual([
    'etl_a_word_longer_than_the_line',
    '  is kept',
  ]);
});

describe('plain progress', () => {
  const at = (done: number): Progress => ({ ...progress, stages: [{ name: 'days', done, total: 9 }], rate: undefined });

  it('is written at once, then every five seconds, and at the end', () => {
    const lines: string[] = [];
    let now = 0;
    const view = lineView(
      (line) => lines.push(line),
      () => now,
    );
    for (const [done, ms] of [
      [1, 0],
      [2, 4_999],
      [3, 5_000],
      [4, 6_000],
    ] as const) {
      now = ms;
      view.show(at(done));
    }
    view.close();
    expect(lines).toEqual(['1 of 9 days', '3 of 9 days', '4 of 9 days']);
  });

  it('says nothing twice', () => {
    const lines: string[] = [];
    let now = 0;
    const view = lineView(
      (line) => lines.push(line),
      () => now,
    );
    for (now of [0, 5_000, 10_000]) view.show(at(1));
    view.close();
    expect(lines).toEqual(['1 of 9 days']);
  });
});
