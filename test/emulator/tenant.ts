import type { Dictionary } from '#contracts';

import type { Change } from './changes.js';
import type { Filter } from './filters.js';
import { sessionOf } from './generate/conversation.js';
import { commentsOf, detailInfoOf, scoresOf, summaryOf, transcriptsOf } from './generate/details.js';
import { type Dictionaries, type Item, makeDictionaries } from './generate/dictionaries.js';
import { type Facts, factsOf, type Origin, SESSION_UUIDS } from './generate/facts.js';
import { indexOfUuid, uuidOf } from './generate/ids.js';
import { dayText } from './generate/moments.js';
import { spoil } from './generate/unmappable.js';
import { type TenantInput, tenantOptions, type TenantOptions } from './options.js';
import { Roster } from './roster.js';
import { Selections } from './selections.js';

/**
 * A company's data as ET holds it, made from the options alone: equal options, equal data. Sessions are numbered
 * (`index`) and made anew whenever asked for; only what was changed is kept.
 */
export class Tenant {
  readonly options: TenantOptions;
  readonly dictionaries: Dictionaries;
  readonly #roster: Roster;
  readonly #selections: Selections;
  readonly #points: ReadonlyMap<number, readonly number[]>;

  constructor(input: TenantInput = {}) {
    this.options = tenantOptions(input);
    this.dictionaries = makeDictionaries(this.options);
    this.#roster = new Roster(this.options);
    this.#selections = new Selections(this.#roster, this);
    this.#points = pointsOf(this.dictionaries.scorecards);
  }

  /** Sessions there are now, those that cannot be mapped included. */
  get size(): number {
    return this.#roster.size;
  }

  /** Indexes of every session, oldest day first. */
  indexes(): Generator<number> {
    return this.#roster.all();
  }

  /** Sessions by the day that lists them. */
  counts(): Record<string, number> {
    return this.#roster.counts();
  }

  /** Ids, lower case, of the sessions a day lists, oldest first; without a day of all. */
  ids(day?: string): string[] {
    const indexes = [...this.indexes()].filter((index) => day === undefined || this.dayOf(index) === day);
    return indexes.map((index) => this.idOf(index));
  }

  idOf(index: number): string {
    return uuidOf(this.options.seed, SESSION_UUIDS, index);
  }

  /** The index of an id in either case of letters; undefined for one ET does not have, or not any longer. */
  indexOf(id: string): number | undefined {
    const index = indexOfUuid(this.options.seed, SESSION_UUIDS, id);
    return index !== undefined && this.#roster.has(index) ? index : undefined;
  }

  /** The first day with sessions, as days since 1970-01-01. */
  get firstDay(): number {
    return this.#roster.days()[0] ?? 0;
  }

  dayOf(index: number): string {
    return dayText(this.#roster.placeOf(index).day);
  }

  /** Indexes that a filter finds, oldest first. Kept until something changes: do not write to it. */
  select(filter: Filter): readonly number[] {
    return this.#selections.of(filter);
  }

  facts(index: number): Facts {
    return factsOf(this.#origin(index));
  }

  /** A session as `/sessions` lists it. */
  session(index: number): Item {
    const origin = this.#origin(index);
    const session = sessionOf(origin, factsOf(origin));
    return this.isUnmappable(index) ? spoil(session, index) : session;
  }

  /** A session as `/sessions/{id}` tells it. */
  detail(index: number): Item {
    const session = this.session(index);
    const extra = detailInfoOf(this.#origin(index));
    return { ...session, additional_info: extra && { ...(session['additional_info'] as Item | null), ...extra } };
  }

  scores(index: number): Item[] {
    const origin = this.#origin(index);
    return scoresOf(origin, factsOf(origin), this.#points);
  }

  summary(index: number): Item[] {
    const origin = this.#origin(index);
    return summaryOf(origin, factsOf(origin));
  }

  comments(index: number): Item[] {
    const origin = this.#origin(index);
    return commentsOf(origin, factsOf(origin));
  }

  transcripts(index: number): { items: Item[] } {
    return transcriptsOf(this.#origin(index));
  }

  /** Whether a session holds values of a wrong type: `unmappable` ones, spread evenly. */
  isUnmappable(index: number): boolean {
    const { sessions, unmappable } = this.options;
    const total = sessions + unmappable;
    if (unmappable === 0 || index >= total) return false;
    const step = Math.floor(total / unmappable);
    return index % step === 0 && index / step < unmappable;
  }

  /** Lets things happen. Throws where a session or item is not there. */
  apply(...changes: Change[]): void {
    for (const change of changes) this.#apply(change);
  }

  /** Adds a session at a moment of a day, as when ET learns of one while somebody reads. */
  insert(day: string, micros: number): void {
    this.#roster.add(day, micros);
  }

  #apply(change: Change): void {
    const roster = this.#roster;
    switch (change.change) {
      case 'scores': {
        const index = this.#existing(change.id);
        return roster.edit(index, { scores: roster.editOf(index).scores + 1 });
      }
      case 'drop-tags':
        return roster.edit(this.#existing(change.id), { tagsDropped: true });
      case 'summary': {
        const index = this.#existing(change.id);
        return roster.edit(index, { summary: roster.editOf(index).summary + 1 });
      }
      case 'processed':
        return roster.edit(this.#existing(change.id), { processed: true });
      case 'delete':
        return change.ids.forEach((id) => roster.remove(this.#existing(id)));
      case 'move':
        return roster.move(this.#existing(change.id), change.day);
      case 'late':
        for (let added = 0; added < change.sessions; added += 1) roster.add(change.day);
        return;
      case 'rename-agent':
        return this.#update('agents', change.id, { name: change.name });
      case 'update-item':
        return this.#update(change.dictionary, change.id, change.fields);
      case 'remove-item':
        this.dictionaries[change.dictionary].splice(this.#position(change.dictionary, change.id), 1);
    }
  }

  #update(dictionary: Dictionary, id: number, fields: Item): void {
    const position = this.#position(dictionary, id);
    this.dictionaries[dictionary][position] = { ...this.dictionaries[dictionary][position], ...fields };
  }

  #position(dictionary: Dictionary, id: number): number {
    const position = this.dictionaries[dictionary].findIndex((item) => item['id'] === id);
    if (position < 0) throw new Error(`no ${id} among ${dictionary}`);
    return position;
  }

  #existing(id: string): number {
    const index = this.indexOf(id);
    if (index === undefined) throw new Error(`no session ${id}`);
    return index;
  }

  #origin(index: number): Origin {
    const roster = this.#roster;
    return {
      options: this.options,
      index,
      place: roster.placeOf(index),
      edit: roster.editOf(index),
      young: roster.isYoung(index),
    };
  }
}

function pointsOf(scorecards: readonly Item[]): ReadonlyMap<number, readonly number[]> {
  return new Map(
    scorecards.map((scorecard) => {
      const sections = scorecard['categories'] as { points: { id: number }[] | null }[];
      return [scorecard['id'] as number, sections.flatMap(({ points }) => points?.map(({ id }) => id) ?? [])];
    }),
  );
}
