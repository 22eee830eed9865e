import type { Outcome } from './scenario.js';

export interface Line extends Outcome {
  readonly scenario: string;
  readonly seconds: number;
}

/** The matrix, a line a scenario, and under it what was measured and whatever must not be. */
export function report(lines: readonly Line[]): string {
  const head = [
    'scenario',
    'faults',
    'messages',
    'duplicates',
    'days read again',
    'dead letters',
    'rows compared',
    'lost',
    'twice',
    'stale',
    'seconds',
    'verdict',
  ];
  const cells = lines.map((line) => [
    line.scenario,
    line.faults,
    line.messages ?? '-',
    line.duplicates ?? '-',
    line.readAgain,
    line.deadLetters,
    line.rows,
    line.lost,
    line.twice,
    line.stale,
    Math.round(line.seconds),
    line.wrong.length === 0 ? 'passed' : 'FAILED',
  ]);
  const told = lines.flatMap(({ scenario, noted = [], wrong }) =>
    [...noted, ...wrong].map((text) => `${scenario}: ${text}`),
  );
  return [row(head), row(head.map(() => '---')), ...cells.map(row), ...told].join('\n');
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
