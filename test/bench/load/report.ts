import type { Dialect } from '../../support/suites.js';
import { passes, type Pass, type Turn } from './bench.js';
import { wayNames, ways, type WayName } from './ways.js';

/** One line of the table that is printed; medians over the rounds. */
export type Line = Readonly<Record<string, string | number>>;

/** For each pass and way: rows a second, what the product's are of these, Node's CPU, and two loaders beside one. */
export function linesOf(dialect: Dialect, turns: readonly Turn[]): Line[] {
  return passes.flatMap(({ pass }) => wayNames.map((way) => lineOf(dialect, turns, pass, way)));
}

function lineOf(dialect: Dialect, turns: readonly Turn[], pass: Pass, way: WayName): Line {
  const { title, aim } = ways[dialect][way];
  const of = (name: WayName, loaders: number) =>
    turns.filter((turn) => turn.pass === pass && turn.way === name && turn.loaders === loaders);
  const speeds = (name: WayName, loaders: number) => of(name, loaders).map(({ rowsPerSecond }) => rowsPerSecond);
  const [one, two] = [speeds(way, 1), speeds(way, 2)];
  const ratios = way === 'product' ? [] : quotients(speeds('product', 1), one);
  const ratio = median(ratios);
  return {
    pass,
    way: title,
    'rows/s': Math.round(median(one)),
    'et-etl is':
      way === 'product'
        ? ''
        : `${ratio.toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
    aim: aim === undefined ? '' : `≥ ${aim} ${ratio >= aim ? 'met' : 'missed'}`,
    'Node CPU s per 1M rows': Number(median(of(way, 1).map((turn) => turn.cpuSecondsPerMillionRows)).toFixed(1)),
    ...(two.length > 0
      ? { 'two loaders, rows/s': Math.round(median(two)), 'two : one': Number(median(quotients(two, one)).toFixed(2)) }
      : {}),
  };
}

/** How much faster than a changed one the product takes an unchanged row. */
export function unchangedAgainstChanged(turns: readonly Turn[]): number {
  const speeds = (pass: Pass) =>
    turns
      .filter((turn) => turn.pass === pass && turn.way === 'product' && turn.loaders === 1)
      .map((turn) => turn.rowsPerSecond);
  return median(quotients(speeds('no-op'), speeds('update')));
}

/** Round by round: what the machine did beside meets both alike. */
function quotients(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((one, round) => one / (theirs[round] ?? NaN));
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
