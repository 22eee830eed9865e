const DAY_MS = 86_400_000;
const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * Calendar days as `YYYY-MM-DD` text. Days are counted in UTC, where each has 24 hours, whatever the zone they are
 * meant in; a zone matters only for which day an instant belongs to.
 */
export function isDay(text: string): boolean {
  return FORM.test(text) && dayOf(numberOf(text)) === text;
}

/** The day `count` days later; earlier where negative. */
export function addDays(day: string, count: number): string {
  return dayOf(numberOf(day) + count);
}

/** How many days from the first to the last, both included; 0 or less where they are the wrong way round. */
export function countDays(first: string, last: string): number {
  return numberOf(last) - numberOf(first) + 1;
}

/** Every day from the first to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const begin = numberOf(first);
  return Array.from({ length: Math.max(0, countDays(first, last)) }, (_, index) => dayOf(begin + index));
}

/** The day it is at an instant in an IANA time zone. */
export function dayAt(instant: Date, timezone: string): string {
  const { year, month, day } = wallClock(instant, timezone);
  return [String(year).padStart(4, '0'), month, day].map((part) => String(part).padStart(2, '0')).join('-');
}

/** What clocks on the wall of a time zone show at an instant. */
export function wallClock(
  instant: Date,
  timezone: string,
): { year: number; month: number; day: number; hour: number; minute: number; second: number } {
  const parts = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
    second: read('second'),
  };
}

function numberOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

function dayOf(number: number): string {
  return Number.isFinite(number) ? new Date(number * DAY_MS).toISOString().slice(0, 10) : '';
}
