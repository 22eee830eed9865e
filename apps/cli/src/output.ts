import { printable } from '#observability';

/** Lines on standard output, where results go; everything else goes to standard error. */
export function tell(lines: readonly string[]): void {
  process.stdout.write(`${printable(lines.join('\n'))}\n`);
}

/** The same lines anew on a cleared terminal; where it is none, after the earlier ones. */
export function redraw(lines: readonly string[]): void {
  if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H');
  tell(lines);
}

export function warn(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Characters a line of standard output holds; without end where it is no terminal. */
export function outputWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}
