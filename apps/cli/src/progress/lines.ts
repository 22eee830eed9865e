import { count } from '../report/numbers.js';
import type { Progress } from './stages.js';

const BAR = 24;

/** One plain line, for logs and pipes: `12 of 38 days and dictionaries, 3,214 of 4,000 …, 410/s`. */
export function progressLine({ stages, rate }: Progress): string {
  const told = stages.filter(({ total }) => total > 0);
  const parts = told.map(({ name, done, total }) => `${count(done)} of ${count(total)} ${name}`);
  return [...parts, ...(rate === undefined ? [] : [`${count(rate)}/s`])].join(', ');
}

/** A line with a bar for each stage, for a terminal. */
export function barLines({ stages, rate }: Progress): string[] {
  const width = Math.max(...stages.map(({ name }) => name.length));
  return stages.map(({ name, done, total }, index) => {
    const filled = total > 0 ? Math.floor((done / total) * BAR) : 0;
    const figures = `${count(done).padStart(7)} of ${count(total)}`;
    const speed = index === stages.length - 1 && rate !== undefined ? `  ${count(rate)}/s` : '';
    return `${name.padEnd(width)}  ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${figures}${speed}`;
  });
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
