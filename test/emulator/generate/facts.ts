import type { TenantOptions } from '../options.js';
import type { Place } from './calendar.js';
import { firstIds, unlisted } from './dictionaries.js';
import type { Edit } from './edits.js';
import { uuidOf } from './ids.js';
import { momentText } from './moments.js';
import { Random } from './random.js';
import { text } from './texts.js';

export const SESSION_UUIDS = 1;

/** Everything that is needed to make one session: nothing else decides what it looks like. */
export interface Origin {
  readonly options: TenantOptions;
  readonly index: number;
  readonly place: Place;
  readonly edit: Edit;
  /** Whether the session belongs to those that ET had not processed when the tenant was made. */
  readonly young: boolean;
}

export interface Reviewer {
  readonly id: number;
  readonly name: string;
  readonly last_reviewed_at: string | null;
}

/** What filters and details have to know of a session, cheaper than the session itself. */
export interface Facts {
  readonly id: string;
  readonly processed: boolean;
  readonly agentId: number | null;
  readonly categories: readonly { id: number; is_verified?: boolean | null }[];
  readonly reviewers: readonly Reviewer[];
  readonly manual: boolean;
  readonly comments: number;
}

export function factsOf({ options, index, place, edit, young }: Origin): Facts {
  const random = new Random(options.seed, 'facts', index);
  const uuid = uuidOf(options.seed, SESSION_UUIDS, index);
  const id = random.chance(0.1) ? uuid.toUpperCase() : uuid;
  const unprocessed = random.chance(options.unprocessedShare) && young;
  const luck = random.unit();
  const agentId =
    luck < 0.03 ? null : luck < 0.05 ? unlisted.agent : firstIds.agents + random.below(options.sizes.agents);
  const categories = Array.from({ length: random.below(4) }, () => ({
    id: random.chance(0.02) ? unlisted.category : firstIds.categories + random.below(options.sizes.categories),
    is_verified: random.pick([true, false, false, null, undefined]),
  }));
  if (categories[0] && random.chance(0.1)) categories.push(categories[0]);
  const comments = random.chance(0.1) ? random.between(1, 3) : 0;
  // Last: a change of scores draws more, and must not move anything else.
  const reviewers = reviewersOf(random, options, place, edit);
  const processed = !unprocessed || edit.processed;
  return {
    id,
    processed,
    agentId,
    categories: processed ? categories : [],
    reviewers,
    manual: reviewers.some((reviewer) => reviewer.id !== 0),
    comments,
  };
}

/** Four in ten are scored by ET itself (user 0), one in ten by people, some by one person twice. */
function reviewersOf(random: Random, options: TenantOptions, place: Place, edit: Edit): Reviewer[] {
  const reviewed = (id: number, days: number): Reviewer => ({
    id,
    name: id === 0 ? 'Ender Turing' : text(random, 1),
    last_reviewed_at: random.chance(0.1)
      ? null
      : momentText(place.day + days + edit.scores, place.micros, random.pick(['plain', 'micros'])),
  });
  const reviewers: Reviewer[] = [];
  if (random.chance(0.4)) reviewers.push(reviewed(0, 0));
  const manual = random.chance(0.1);
  const person = random.chance(0.1) ? unlisted.user : firstIds.users + random.below(options.sizes.users);
  const repeated = random.chance(0.2);
  if (manual || edit.scores > 0) {
    reviewers.push(reviewed(person, 2));
    if (repeated) reviewers.push(reviewed(person, 3));
  }
  return reviewers;
}
