import type { TenantOptions } from './options.js';
import { Calendar, type Place } from './generate/calendar.js';
import { type Edit, unedited } from './generate/edits.js';
import { dayNumber, dayText } from './generate/moments.js';
import { Random } from './generate/random.js';

/**
 * Which sessions there are and on which day each is listed: the calendar's ranges, and over them only what was
 * changed since. Costs memory by changes, not by sessions.
 */
export class Roster {
  readonly #calendar: Calendar;
  readonly #seed: number;
  readonly #lastDay: number;
  readonly #edits = new Map<number, Edit>();
  readonly #places = new Map<number, Place>();
  /** Indexes that a day's own range holds and its listing no longer does. */
  readonly #left = new Map<number, Set<number>>();
  readonly #arrived = new Map<number, Set<number>>();
  #next: number;
  #deleted = 0;
  /** Rises with every change: listings made before are out of date. */
  revision = 0;

  constructor(options: TenantOptions) {
    this.#calendar = new Calendar(options);
    this.#seed = options.seed;
    this.#lastDay = this.#calendar.firstDay + options.days - 1;
    this.#next = this.#calendar.sessions;
  }

  /** Sessions there are now. */
  get size(): number {
    return this.#next - this.#deleted;
  }

  has(index: number): boolean {
    return index < this.#next && !this.editOf(index).deleted;
  }

  editOf(index: number): Edit {
    return this.#edits.get(index) ?? unedited;
  }

  placeOf(index: number): Place {
    return this.#places.get(index) ?? this.#calendar.placeOf(index);
  }

  /** Whether ET may not have processed the session yet: the last day's own ones. */
  isYoung(index: number): boolean {
    const [from, to] = this.#calendar.range(this.#lastDay);
    return index >= from && index < to;
  }

  /** Days that may hold sessions, since 1970-01-01, oldest first. */
  days(): number[] {
    const own = Array.from({ length: this.#calendar.days }, (_, offset) => this.#calendar.firstDay + offset);
    return [...new Set([...own, ...this.#arrived.keys()])].sort((left, right) => left - right);
  }

  /** The indexes listed on a day, oldest first. */
  listed(day: number): number[] {
    const [from, to] = this.#calendar.range(day);
    const left = this.#left.get(day);
    const own: number[] = [];
    for (let index = from; index < to; index += 1) if (!left?.has(index)) own.push(index);
    const arrived = this.#arrived.get(day);
    if (!arrived || arrived.size === 0) return own;
    return [...own, ...arrived]
      .map((index) => ({ index, micros: this.placeOf(index).micros }))
      .sort((one, other) => one.micros - other.micros || one.index - other.index)
      .map(({ index }) => index);
  }

  /** Every session, day by day. */
  *all(): Generator<number> {
    for (const day of this.days()) yield* this.listed(day);
  }

  edit(index: number, changes: Partial<Edit>): void {
    const before = this.editOf(index);
    this.#edits.set(index, { ...before, ...changes, revision: before.revision + 1 });
    this.revision += 1;
  }

  remove(index: number): void {
    this.#leave(index);
    this.edit(index, { deleted: true });
    this.#deleted += 1;
  }

  move(index: number, day: string): void {
    const { micros } = this.placeOf(index);
    this.#leave(index);
    this.#arrive(index, { day: numberOf(day), micros });
    this.edit(index, {});
  }

  /** Adds a session that ET tells of late; without `micros` anywhere in the day. */
  add(day: string, micros?: number): number {
    const index = this.#next;
    const anywhere = new Random(this.#seed, 'place', index).below(86_400) * 1_000_000;
    this.#next += 1;
    this.#arrive(index, { day: numberOf(day), micros: micros ?? anywhere });
    this.revision += 1;
    return index;
  }

  /** Sessions by day, `YYYY-MM-DD`, days without any left out. */
  counts(): Record<string, number> {
    const counted = this.days().map((day) => [dayText(day), this.listed(day).length] as const);
    return Object.fromEntries(counted.filter(([, count]) => count > 0));
  }

  #leave(index: number): void {
    const { day } = this.placeOf(index);
    if (this.#arrived.get(day)?.delete(index)) return;
    this.#left.set(day, (this.#left.get(day) ?? new Set()).add(index));
  }

  #arrive(index: number, place: Place): void {
    const [from, to] = this.#calendar.range(place.day);
    this.#places.set(index, place);
    if (index >= from && index < to) this.#left.get(place.day)?.delete(index);
    else this.#arrived.set(place.day, (this.#arrived.get(place.day) ?? new Set()).add(index));
  }
}

function numberOf(day: string): number {
  const number = dayNumber(day);
  if (number === undefined) throw new Error(`no day: ${day}`);
  return number;
}
