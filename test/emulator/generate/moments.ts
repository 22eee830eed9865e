export const DAY_MICROS = 86_400_000_000;
const DAY_MS = 86_400_000;
const SECOND = 1_000_000;

const texts = new Map<number, string>();
const two = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** Days since 1970-01-01 of `YYYY-MM-DD`; undefined where there is no such day (31 February). */
export function dayNumber(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const number = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  return Number.isInteger(number) && dayText(number) === text ? number : undefined;
}

/** `YYYY-MM-DD` of days since 1970-01-01. */
export function dayText(day: number): string {
  let text = texts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    texts.set(day, text);
  }
  return text;
}

/** The forms in which ET writes a moment. */
export const forms = ['plain', 'micros', 'zulu', 'zuluMicros', 'zeroMicros'] as const;
export type Form = (typeof forms)[number];

/** ISO text of a moment: a day and microseconds within it, which may reach into other days. */
export function momentText(day: number, micros: number, form: Form): string {
  const whole = Math.floor(micros / DAY_MICROS);
  const rest = micros - whole * DAY_MICROS;
  const seconds = Math.floor(rest / SECOND);
  const time = `${two[Math.floor(seconds / 3600)]}:${two[Math.floor(seconds / 60) % 60]}:${two[seconds % 60]}`;
  const text = `${dayText(day + whole)}T${time}`;
  switch (form) {
    case 'plain':
      return text;
    case 'zulu':
      return `${text}Z`;
    case 'zeroMicros':
      return `${text}.000000`;
    case 'micros':
      return `${text}.${String(Math.floor(rest % SECOND)).padStart(6, '0')}`;
    case 'zuluMicros':
      return `${text}.${String(Math.floor(rest % SECOND)).padStart(6, '0')}Z`;
  }
}
