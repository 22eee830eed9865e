/** Lines on standard output, where results go; everything else goes to standard error. */
export function tell(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Characters a line of standard output holds; without end where it is no terminal. */
export function outputWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}
