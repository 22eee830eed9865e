const whole = new Intl.NumberFormat('en');

/** `12,340`. */
export function count(number: number): string {
  return whole.format(Math.round(number));
}

/** `1 day`, `2 days`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}
