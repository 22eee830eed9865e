import type { RejectDetail, RejectFilter, RejectSummary } from '#contracts';

import { exitCodes, UsageError, type ExitCode } from '../../exit-codes.js';
import { outputWidth, tell } from '../../output.js';
import { rejectLines, rejectsLines, replayedLines } from '../../report/rejects.js';
import type { Installation } from '../installation.js';
import { withRejects, withReplays, type RejectPlace, type ReplayPlace } from './places.js';
import { replay } from './replay.js';

export interface Listing {
  readonly reason?: string;
  readonly since?: string;
  readonly run?: string;
  readonly json?: true;
}
export interface Replaying {
  readonly reason?: string;
  readonly all?: true;
}

/** Lists rejects, the latest first. */
export function listRejects({ environment, remote }: Installation, options: Listing): Promise<ExitCode> {
  const { json, run: runId, reason, since } = options;
  return withRejects(environment, remote, async (place) => {
    const filter = { ...(reason ? { reason } : {}), ...(since ? { since } : {}), ...(runId ? { runId } : {}) };
    const found = await place.list(filter);
    tell(json ? [JSON.stringify(found)] : rejectsLines(found.rejects, found.total, outputWidth()));
    return exitCodes.verified;
  });
}

/** Shows one; its raw form only where it is asked for. */
export function showReject(
  { environment, remote }: Installation,
  id: string,
  { body, json }: { readonly body?: true; readonly json?: true },
): Promise<ExitCode> {
  return withRejects(environment, remote, async (place) => {
    const { raw, ...reject } = await byId(place, id);
    tell(json ? [JSON.stringify({ ...reject, ...(body ? { raw } : {}) })] : rejectLines(reject, raw, body ?? false));
    return exitCodes.verified;
  });
}

/** Sends raw forms through transformer and loader again, and tells what became of them. */
export function replayRejects(
  { environment, remote, signal }: Installation,
  ids: readonly string[],
  options: Replaying,
): Promise<ExitCode> {
  checked(ids, options);
  return withReplays(environment, remote, async (place) => {
    const outcome = await replay(place, await chosenOf(place, ids, options), signal);
    tell(replayedLines(outcome));
    if (signal.aborted) return exitCodes.interrupted;
    if (outcome.unanswered.length > 0) return exitCodes.failed;
    return outcome.again.length + outcome.refused.length > 0 ? exitCodes.incomplete : exitCodes.verified;
  });
}

function checked(ids: readonly string[], { reason, all }: Replaying): void {
  const ways = [ids.length > 0, reason !== undefined, all !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('say which: ids, --reason or --all, one of the three');
}

async function chosenOf(
  place: ReplayPlace,
  ids: readonly string[],
  { reason }: Replaying,
): Promise<readonly RejectSummary[]> {
  if (ids.length === 0) return everyOne(place, reason === undefined ? {} : { reason });
  const chosen = new Map<string, RejectDetail>();
  for (const id of ids) {
    const reject = await byId(place, id);
    chosen.set(reject.id, reject);
  }
  return [...chosen.values()];
}

/** An answer tells of so many at most: the next one of those behind them. */
async function everyOne(place: RejectPlace, filter: RejectFilter): Promise<readonly RejectSummary[]> {
  const all: RejectSummary[] = [];
  for (;;) {
    const after = all.at(-1);
    const { rejects, total } = await place.list(after ? { ...filter, after } : filter);
    all.push(...rejects);
    if (rejects.length === total) return all;
  }
}

async function byId(place: RejectPlace, id: string): Promise<RejectDetail> {
  const { ids, reject } = await place.open({ id: id.toLowerCase() });
  if (reject) return reject;
  if (ids.length > 1) throw new UsageError(`${id} is the beginning of several: ${ids.join(', ')}`);
  throw new UsageError(`there is no reject ${id}; et-etl rejects ls lists them`);
}
