import type { RejectDetail, RejectSummary } from '#contracts';

import type { Replayed } from '../commands/rejects/replay.js';
import { grid } from './grid.js';
import { count, plural, size } from './numbers.js';

/** `et-etl rejects ls` for a person. */
export function rejectsLines(rejects: readonly RejectSummary[], total: number, width: number): string[] {
  if (total === 0) return ['No record is set aside.'];
  const heading = ['id', 'record', 'key', 'day', 'set aside (UTC)', 'raw form', 'why'];
  const rows = rejects.map(({ id, entity, key, day, rejectedAt, hasRaw, reason }) => [
    id,
    entity,
    key,
    day ?? '',
    rejectedAt.slice(0, 19).replace('T', ' '),
    hasRaw ? 'kept' : 'gone',
    reason,
  ]);
  const more = total - rejects.length;
  return [
    ...grid([heading, ...rows]).map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line)),
    '',
    `${plural(total, 'record')} set aside${more > 0 ? `, ${count(more)} of them not shown` : ''}.`,
  ];
}

/** `et-etl rejects show` for a person: the raw form only where `whole`. */
export function rejectLines(reject: Omit<RejectDetail, 'raw'>, raw: string | null, whole: boolean): string[] {
  const facts: [string, string][] = [
    ['id', reject.id],
    ['record', `${reject.entity} ${reject.key}`],
    ['why', reject.reason],
    ['set aside', reject.rejectedAt],
    ['day or dictionary', reject.sliceId],
    ['attempt', reject.attempt],
    ['run', reject.runId],
    ['raw form', formOf(reject, raw)],
  ];
  const told = facts.map(([name, value]) => `${name.padEnd(18)}${value}`);
  if (raw === null || !whole) return told;
  return [...told, '', 'Raw form:', ...pretty(raw)];
}

/** What a replay did, and what else helps where it could not. */
export function replayedLines({ loaded, again, refused, unanswered }: Replayed): string[] {
  const total = loaded.length + again.length + refused.length + unanswered.length;
  if (total === 0) return ['No reject fits.'];
  return [
    `${plural(loaded.length, 'record')} loaded.`,
    ...again.map(({ id, reason }) => `${id} is rejected again: ${reason}`),
    ...refused.map(
      ({ reject, problem }) => `${reject.id} cannot be replayed: ${problem}. To have it read again: ${mend(reject)}`,
    ),
    ...(unanswered.length > 0
      ? [`${plural(unanswered.length, 'record')} not answered for yet: et-etl rejects ls tells once they are.`]
      : []),
  ];
}

/** What has ET asked for the record again. */
function mend({ day }: RejectSummary): string {
  return day === null ? 'et-etl sync' : `et-etl backfill --from ${day} --to ${day} --force`;
}

function formOf({ form }: Omit<RejectDetail, 'raw'>, raw: string | null): string {
  if (raw === null) return 'no longer kept';
  const told = form === 'rows' ? "as the transformer made it of ET's answer" : "as ET's answer held it";
  return `${told}, ${size(Buffer.byteLength(raw))}; --body shows it, conversations and names too`;
}

function pretty(raw: string): string[] {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2).split('\n');
  } catch {
    return [raw, '… cut here'];
  }
}
