import type { Item } from './dictionaries.js';
import { firstIds } from './dictionaries.js';
import type { Facts, Origin } from './facts.js';
import { uuidOf } from './ids.js';
import { forms, momentText } from './moments.js';
import { Random } from './random.js';
import { maybeText, oddTexts, text } from './texts.js';

const COMMENT_UUIDS = 3;
const HOUR = 3_600_000_000;

/** `/sessions/{id}/scores`: a review by every reviewer. `points` are the ids of a scorecard's points. */
export function scoresOf(origin: Origin, facts: Facts, points: ReadonlyMap<number, readonly number[]>): Item[] {
  const { options, index, edit } = origin;
  const reviewers = [...new Set(facts.reviewers.map(({ id }) => id))];
  return reviewers.flatMap((reviewer) => {
    const random = new Random(options.seed, 'scores', index, reviewer);
    const scorecard = firstIds.scorecards + random.below(options.sizes.scorecards);
    const number = index * 4 + (reviewer === 0 ? 0 : 1);
    const review = (reviewId: number, bonus: number): Item => ({
      id: reviewId,
      session_id: random.chance(0.2) ? facts.id.toUpperCase() : facts.id,
      scorecard_id: scorecard,
      reviewer_id: reviewer,
      point_scores: pointScores(random, points.get(scorecard) ?? [], bonus),
    });
    const reviews = [review(number, reviewer === 0 ? 0 : edit.scores)];
    // The same person by the same scorecard once more: the later scores hold.
    if (random.chance(0.05)) reviews.push(review(number + 2, 1));
    return reviews;
  });
}

function pointScores(random: Random, points: readonly number[], bonus: number): Item[] | null {
  if (random.chance(0.02)) return null;
  return points.map((point) => ({
    id: point * 7,
    scorecard_point_id: point,
    score: random.chance(0.1) ? null : random.below(10) + bonus,
    comment: random.chance(0.3) ? maybeText(random, 2) : null,
    meta: { auto: true },
  }));
}

/** `/sessions/{id}/summary`: most sessions have one, a few have two. */
export function summaryOf(origin: Origin, facts: Facts): Item[] {
  const { options, index, place, edit } = origin;
  const random = new Random(options.seed, 'summary', index);
  const luck = random.unit();
  if (edit.summary === 0 && (luck > 0.7 || !facts.processed)) return [];
  return Array.from({ length: luck < 0.03 ? 2 : 1 }, (_, position) => ({
    id: index * 2 + position + 1,
    session_id: facts.id,
    text: edit.summary > 0 ? `Редакція ${edit.summary}: ${text(random, 4)}` : text(random, 12),
    created_at: momentText(place.day, place.micros + HOUR, random.pick(forms)),
    updated_at: edit.summary > 0 ? momentText(place.day + edit.summary, place.micros, 'micros') : null,
    model: random.chance(0.05) ? 'summariser-3' : undefined,
  }));
}

/** `/sessions/{id}/comments`: as many as the session's `comments_count`. */
export function commentsOf({ options, index, place }: Origin, facts: Facts): Item[] {
  const random = new Random(options.seed, 'comments', index);
  return Array.from({ length: facts.comments }, (_, position) => ({
    id: uuidOf(options.seed, COMMENT_UUIDS, index * 4 + position),
    session_id: facts.id,
    author_id: firstIds.users + random.below(options.sizes.users),
    text: maybeText(random, 3),
    comments: random.pick([
      null,
      undefined,
      text(random, 2),
      [],
      [{ author_id: 1, text: random.pick(oddTexts) }],
      { replies: 1 },
    ]),
    created_at: momentText(place.day + 1, place.micros, random.pick(forms)),
    updated_at: random.chance(0.5) ? momentText(place.day + 1, place.micros + HOUR, random.pick(forms)) : undefined,
  }));
}

/** `/sessions/{id}/transcripts`: utterances whose fields vary; now and then an id comes twice. */
export function transcriptsOf({ options, index }: Origin): { items: Item[] } {
  const random = new Random(options.seed, 'transcripts', index);
  const form = random.below(3);
  const items = Array.from({ length: random.between(3, 10) }, (_, position) => ({
    id: 3_000_000_000 + index * 16 + position,
    text: text(random, 3),
    time: utteranceTime(random, form, position),
    speaker: form === 0 ? random.pick(['agent', 'client', null]) : form === 1 ? random.below(2) : undefined,
    ...(form === 2 ? {} : { channel: random.below(2), words: [{ w: 'так', p: random.unit() }] }),
    ...(random.chance(0.05) ? { odd: random.pick(oddTexts) } : {}),
  }));
  const first = items[0];
  return { items: first && random.chance(0.05) ? [...items, { ...first, text: text(random, 2) }] : items };
}

function utteranceTime(random: Random, form: number, position: number): unknown {
  if (form === 0) return position * 4 + random.below(4);
  if (form === 1) return position * 4.25;
  return random.chance(0.2) ? undefined : `00:00:${String(position).padStart(2, '0')}`;
}

/** What `/sessions/{id}` adds to `additional_info`; null where the answer has none at all. */
export function detailInfoOf({ options, index }: Origin): Item | null {
  const random = new Random(options.seed, 'detail', index);
  if (random.chance(0.02)) return null;
  return {
    ticket_system_id: random.below(1_000_000),
    ticket_system_url: `https://tickets.example.com/?id=${random.below(1000)}&назва=${text(random, 1)}`,
    crm_system_id: random.chance(0.5) ? null : String(random.below(1_000_000)),
    odd: random.chance(0.1) ? random.pick(oddTexts) : undefined,
  };
}
