import type { Crowd, TenantOptions } from '../options.js';
import { DAY_MICROS, dayNumber } from './moments.js';
import { Random } from './random.js';

/** Where a session is listed: the day (since 1970-01-01) and the microseconds within it. */
export interface Place {
  readonly day: number;
  readonly micros: number;
}

interface Slot {
  readonly from: number;
  readonly span: number;
  readonly sessions: number;
}

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
/** Few by night, most before noon and in the afternoon. */
const hourWeights = [1, 1, 1, 1, 1, 2, 4, 10, 30, 50, 60, 60, 40, 45, 55, 55, 50, 40, 25, 15, 8, 4, 2, 1];

/**
 * Which indexes begin on which day and when. Each day owns one range of indexes, in order of time; only the ranges
 * are kept, and 24 or so numbers a day that was looked at.
 */
export class Calendar {
  readonly firstDay: number;
  readonly days: number;
  /** `starts[d]` is the first index of day `d`; the last entry is the number of sessions. */
  readonly #starts: number[];
  readonly #slots = new Map<number, readonly Slot[]>();
  readonly #crowds: readonly Crowd[];
  readonly #seed: number;

  constructor(options: TenantOptions) {
    const last = dayNumber(options.lastDay);
    if (last === undefined) throw new Error(`lastDay is no day: ${options.lastDay}`);
    this.days = options.days;
    this.firstDay = last - options.days + 1;
    this.#seed = options.seed;
    this.#crowds = options.crowds;
    const crowded = options.crowds.map(({ day, sessions }) => ({ day: this.#offset(day), sessions }));
    const total = options.sessions + options.unmappable;
    const spread = total - crowded.reduce((sum, { sessions }) => sum + sessions, 0);
    if (spread < 0) throw new Error('crowds hold more sessions than the tenant');
    const counts = share(spread, this.#dayWeights());
    for (const { day, sessions } of crowded) counts[day] = (counts[day] ?? 0) + sessions;
    this.#starts = [0];
    for (const count of counts) this.#starts.push((this.#starts.at(-1) ?? 0) + count);
  }

  get sessions(): number {
    return this.#starts.at(-1) ?? 0;
  }

  /** The indexes of a day, `[from, to)`; empty for days outside the tenant's. */
  range(day: number): readonly [from: number, to: number] {
    const offset = day - this.firstDay;
    return [this.#starts[offset] ?? 0, this.#starts[offset + 1] ?? this.#starts[offset] ?? 0];
  }

  placeOf(index: number): Place {
    let low = 0;
    let high = this.days - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return { day: this.firstDay + low, micros: this.#micros(low, index) };
  }

  /** The first session of a slot begins exactly on its bound, the day's last one in its last microsecond. */
  #micros(offset: number, index: number): number {
    const [start = 0, end = 0] = this.#starts.slice(offset, offset + 2);
    let position = index - start;
    for (const slot of this.#slotsOf(offset)) {
      if (position < slot.sessions) {
        if (position > 0 && index === end - 1 && slot.from + slot.span === DAY_MICROS) return DAY_MICROS - 1;
        const within = position === 0 ? 0 : new Random(this.#seed, 'place', index).unit();
        return slot.from + Math.floor(((position + within) / slot.sessions) * slot.span);
      }
      position -= slot.sessions;
    }
    throw new Error(`no session ${index}`);
  }

  #slotsOf(offset: number): readonly Slot[] {
    const known = this.#slots.get(offset);
    if (known) return known;
    const crowds = this.#crowds.filter(({ day }) => this.#offset(day) === offset);
    const [from, to] = [this.#starts[offset] ?? 0, this.#starts[offset + 1] ?? 0];
    const spread = to - from - crowds.reduce((sum, { sessions }) => sum + sessions, 0);
    const random = new Random(this.#seed, 'calendar', offset + 1);
    const weights = hourWeights.map((weight) => weight * (0.5 + random.unit()));
    const slots = share(spread, weights).flatMap((sessions, hour) =>
      hourSlots(
        hour,
        sessions,
        crowds.filter((crowd) => crowd.hour === hour),
      ),
    );
    this.#slots.set(offset, slots);
    return slots;
  }

  #offset(day: string): number {
    const offset = (dayNumber(day) ?? Number.NaN) - this.firstDay;
    if (!(offset >= 0 && offset < this.days)) throw new Error(`a crowd on ${day}, which is no day of the tenant`);
    return offset;
  }

  #dayWeights(): number[] {
    const random = new Random(this.#seed, 'calendar', 0);
    return Array.from({ length: this.days }, (_, offset) => {
      // 1970-01-01 was a Thursday.
      const weekday = (this.firstDay + offset + 4) % 7;
      return (weekday === 0 || weekday === 6 ? 0.3 : 1) * (0.4 + 1.2 * random.unit());
    });
  }
}

/** An hour's own sessions and its crowds as slots that do not overlap, so that indexes rise with time. */
function hourSlots(hour: number, sessions: number, crowds: readonly Crowd[]): Slot[] {
  const whole = crowds.filter(({ minute }) => minute === undefined).reduce((sum, crowd) => sum + crowd.sessions, 0);
  const slots: Slot[] = [];
  let from = hour * HOUR;
  for (const crowd of crowds.toSorted((left, right) => (left.minute ?? 0) - (right.minute ?? 0))) {
    if (crowd.minute === undefined) continue;
    const minute = hour * HOUR + crowd.minute * MINUTE;
    slots.push({ from, span: minute - from, sessions: 0 });
    slots.push({ from: minute, span: MINUTE, sessions: crowd.sessions });
    from = minute + MINUTE;
  }
  slots.push({ from, span: (hour + 1) * HOUR - from, sessions: 0 });
  const free = slots.filter(({ sessions: taken }) => taken === 0);
  const longest = free.reduce((best, slot) => (slot.span > best.span ? slot : best));
  return slots.map((slot) => (slot === longest ? { ...slot, sessions: sessions + whole } : slot));
}

/** Shares a whole number out by weights; the parts add up to it exactly. */
export function share(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  let weight = 0;
  let given = 0;
  return weights.map((part) => {
    weight += part;
    const upTo = Math.round((total * weight) / sum);
    const own = upTo - given;
    given = upTo;
    return own;
  });
}
