const whole = new Intl.NumberFormat('en');

/** `12,340`. */
export function count(number: number): string {
  return whole.format(Math.round(number));
}

/** `1 day`, `2 days`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `312 B`, `4.1 KiB`, `2.0 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [unit, divisor] = bytes < 1024 * 1024 ? ['KiB', 1024] : ['MiB', 1024 * 1024];
  return `${(bytes / Number(divisor)).toFixed(1)} ${unit}`;
}
