import type { Filter } from './filters.js';
import type { Facts } from './generate/facts.js';
import { DAY_MICROS } from './generate/moments.js';
import type { Roster } from './roster.js';

/** What a filter looks into. */
export interface Searched {
  facts(index: number): Facts;
  transcripts(index: number): { items: { text?: unknown }[] };
}

/** Indexes kept in all, so that paging through a listing does not search it again for every page. */
const KEPT = 2_000_000;

/** What filters find, remembered until the roster changes. */
export class Selections {
  readonly #roster: Roster;
  readonly #searched: Searched;
  readonly #kept = new Map<string, readonly number[]>();
  #size = 0;
  #revision = 0;

  constructor(roster: Roster, searched: Searched) {
    this.#roster = roster;
    this.#searched = searched;
  }

  of(filter: Filter): readonly number[] {
    if (this.#revision !== this.#roster.revision || this.#size > KEPT) {
      this.#kept.clear();
      this.#size = 0;
      this.#revision = this.#roster.revision;
    }
    const key = JSON.stringify(filter);
    const known = this.#kept.get(key);
    if (known) return known;
    const found = this.#find(filter);
    this.#kept.set(key, found);
    this.#size += found.length;
    return found;
  }

  #find(filter: Filter): number[] {
    const found: number[] = [];
    for (const day of this.#roster.days()) {
      const { from, to } = filter.range ?? { from: { day, micros: 0 }, to: { day, micros: Infinity } };
      if (day < from.day || day > to.day) continue;
      const earliest = day === from.day ? from.micros : 0;
      const latest = day === to.day ? to.micros : Infinity;
      const whole = earliest === 0 && latest >= DAY_MICROS - 1;
      for (const index of this.#roster.listed(day)) {
        const micros = whole ? 0 : this.#roster.placeOf(index).micros;
        if (micros >= earliest && micros <= latest && this.#matches(index, filter)) found.push(index);
      }
    }
    return found;
  }

  #matches(index: number, { scored, categories, reviewed, search }: Filter): boolean {
    if (!scored && !categories && reviewed === undefined && search === undefined) return true;
    const facts = this.#searched.facts(index);
    if (scored === 'manual' && !facts.manual) return false;
    if (scored === 'automated' && !facts.reviewers.some(({ id }) => id === 0)) return false;
    if (reviewed !== undefined && reviewed !== facts.reviewers.length > 0) return false;
    if (categories) {
      const has = (id: number): boolean => facts.categories.some((category) => category.id === id);
      if (!(categories.all ? categories.ids.every(has) : categories.ids.some(has))) return false;
    }
    if (search === undefined) return true;
    return this.#searched.transcripts(index).items.some(({ text }) => String(text).toLowerCase().includes(search));
  }
}
