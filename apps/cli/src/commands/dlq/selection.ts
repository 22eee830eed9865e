import type { DeadLetter } from '#messaging';

import { UsageError } from '../../exit-codes.js';

/** Which dead letters are meant: all that fit everything given. */
export interface Selection {
  /** Ids, or their first digits. */
  readonly id?: readonly string[];
  /** A stage, a lane of it, or a queue: `raw`, `raw.live`, `etl.raw.live.v1`. */
  readonly queue?: string;
  /** Part of the reason or of the kind of fault, in either case of letters. */
  readonly reason?: string;
  /** ISO instant; what nobody knows the time of is left out. */
  readonly since?: string;
  readonly all?: true;
}

/** The letters meant. Throws `UsageError` for an id that none or several have. */
export function select(letters: readonly DeadLetter[], selection: Selection): DeadLetter[] {
  const { id, queue, reason, since } = selection;
  const wanted = id && new Set(id.map((prefix) => byId(letters, prefix).id));
  const part = reason?.toLowerCase();
  return letters.filter(
    (letter) =>
      (wanted === undefined || wanted.has(letter.id)) &&
      (queue === undefined || isOf(letter, queue)) &&
      (part === undefined || `${letter.reason}\n${letter.errorClass}`.toLowerCase().includes(part)) &&
      (since === undefined || (letter.deadAt !== null && letter.deadAt >= since)),
  );
}

/** The same where something is done about them: then nothing is meant by chance. */
export function selectExplicitly(letters: readonly DeadLetter[], selection: Selection): DeadLetter[] {
  const { all, ...others } = selection;
  const given = Object.values(others).some((value) => value !== undefined);
  if (!all && !given) throw new UsageError('say which: --id, --queue, --reason, --since or --all');
  if (all && given) throw new UsageError('--all means every one: leave out the other selectors, or --all');
  return select(letters, selection);
}

/** The letter whose id begins so. Copies of one message have one id. Throws `UsageError`. */
export function byId(letters: readonly DeadLetter[], prefix: string): DeadLetter {
  const found = new Map(letters.filter(({ id }) => id.startsWith(prefix.toLowerCase())).map((one) => [one.id, one]));
  const [first] = found.values();
  if (!first) throw new UsageError(`there is no dead letter ${prefix}; et-etl dlq ls lists them`);
  if (found.size > 1) throw new UsageError(`${prefix} is the beginning of several: ${[...found.keys()].join(', ')}`);
  return first;
}

function isOf({ stage, lane, queue }: DeadLetter, wanted: string): boolean {
  const name = wanted.replace(/\.dlq$/, '');
  return [stage, `${stage}.${lane}`, queue].includes(name);
}
