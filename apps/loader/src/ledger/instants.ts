/** The ledger's date-times: UTC, naive, six digits, so that texts compare like moments. */
export function ledgerTime(moment: Date): string {
  return `${moment.toISOString().slice(0, -1).replace('T', ' ')}000`;
}

/** An ISO instant of a ledger date-time, whatever digits of a second the database gives back. */
export function isoInstant(ledgerTime: string): string {
  return new Date(`${ledgerTime.replace(' ', 'T')}Z`).toISOString();
}

/** `now` moved back by seconds, as the ledger writes it. */
export function secondsBefore(now: Date, seconds: number): string {
  return ledgerTime(new Date(now.getTime() - seconds * 1000));
}

/** The UTC day that many days before `now`. */
export function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
}

/** The day that many days after another; before it where negative. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Every day from the first to the last, both included. */
export function daysFrom(first: string, last: string): string[] {
  return Array.from({ length: daysBetween(first, last) }, (_, index) => dayAfter(first, index));
}

/** How many days lie from the first to the last, both counted; 0 where the last is before the first. */
export function daysBetween(first: string, last: string): number {
  return Math.max(0, (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1);
}
