import type { RowBatch } from '#contracts';

/** Most of what goes into one transaction: batches, and the sessions or items they answer for. */
export const MOST_BATCHES = 10;
export const MOST_ANSWERED = 500;

/** How many of the waiting batches, from the first, go into one transaction: one at least, where one waits. */
export function takeGroup(waiting: readonly Pick<RowBatch, 'answered'>[]): number {
  let answered = 0;
  for (const [index, batch] of waiting.entries()) {
    answered += batch.answered.length;
    if (index === MOST_BATCHES || (index > 0 && answered > MOST_ANSWERED)) return index;
  }
  return waiting.length;
}
