import { count, plural } from '../report/numbers.js';
import { duration } from '../report/summary.js';
import type { Progress } from './stages.js';

const BAR = 24;

/** One plain line, for logs and pipes: `12 of 38 days and dictionaries, 3,214 of 4,000 …, 410/s; live 26 left`. */
export function progressLine(progress: Progress): string {
  const { stages, rate } = progress;
  const told = stages.filter(({ total }) => total > 0);
  const parts = told.map(({ name, done, total }) => `${count(done)} of ${count(total)} ${name}`);
  const done = [...parts, ...(rate === undefined ? [] : [`${count(rate)}/s`])].join(', ');
  return [done, outlook(progress), flaws(progress)].filter((part) => part !== '').join('; ');
}

/** A line with a bar for each stage; then what is left, and what is not as it should be, in lines of so many characters. */
export function barLines(progress: Progress, width: number): string[] {
  const { stages, rate } = progress;
  const longest = Math.max(...stages.map(({ name }) => name.length));
  const bars = stages.map(({ name, done, total }, index) => {
    const filled = total > 0 ? Math.floor((done / total) * BAR) : 0;
    const figures = `${count(done).padStart(7)} of ${count(total)}`;
    const speed = index === stages.length - 1 && rate !== undefined ? `  ${count(rate)}/s` : '';
    return `${name.padEnd(longest)}  ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${figures}${speed}`;
  });
  const rest = [outlook(progress), flaws(progress)].filter((line) => line !== '');
  return [...bars, ...rest.flatMap((line) => wrapped(line, width))];
}

/** `live 15 left (3 in hand), backfill 340 left (16 in hand), about 12 min`. */
function outlook({ lanes, eta, paused }: Progress): string {
  const [first] = paused;
  const parts = lanes.map(({ lane, left, inHand }) => {
    return `${lane} ${count(left)} left${inHand > 0 ? ` (${count(inHand)} in hand)` : ''}`;
  });
  return [
    ...(first === undefined ? [] : [`paused (et-etl resume ${first})`]),
    ...parts,
    ...(eta === null || lanes.length === 0 ? [] : [`about ${duration(eta)}`]),
  ].join(', ');
}

/** `2 rejected, 1 not verified, 4 set aside, 1 dead letter (et-etl dlq ls)`. */
function flaws({ flaws: { rejected, unverified, setAside, dead } }: Progress): string {
  return [
    ...(rejected > 0 ? [`${count(rejected)} rejected`] : []),
    ...(unverified > 0 ? [`${count(unverified)} not verified`] : []),
    ...(setAside > 0 ? [`${count(setAside)} set aside, tried again soon`] : []),
    ...(dead > 0 ? [`${plural(dead, 'dead letter')} (et-etl dlq ls)`] : []),
  ].join(', ');
}

/** A line in pieces that fit a terminal, broken between words, all but the first indented. */
export function wrapped(line: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const word of line.split(' ')) {
    if (piece.trim() !== '' && piece.length + 1 + word.length > width) {
      pieces.push(piece);
      piece = `  ${word}`;
    } else {
      piece = piece === '' ? word : `${piece} ${word}`;
    }
  }
  return [...pieces, piece];
}
