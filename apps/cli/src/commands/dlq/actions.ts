import { contentOf, type DeadLetter } from '#messaging';

import { exitCodes, type ExitCode } from '../../exit-codes.js';
import { outputWidth, tell, warn } from '../../output.js';
import { plural } from '../../report/numbers.js';
import { letterLines, lettersLines } from '../../report/dead-letters.js';
import { goOn } from '../go-on.js';
import type { Installation } from '../installation.js';
import { withDeadLetters } from './places.js';
import { byId, select, selectExplicitly, type Selection } from './selection.js';

export type Acting = Selection & { readonly dryRun?: true };

/** Lists dead letters. */
export function listLetters(
  { environment, remote }: Installation,
  { json, ...selection }: Selection & { readonly json?: true },
): Promise<ExitCode> {
  return withDeadLetters(environment, remote, async (place) => {
    const letters = select(await place.list(), selection);
    tell(json ? [JSON.stringify(letters)] : lettersLines(letters, outputWidth()));
    return exitCodes.verified;
  });
}

/** Shows one; what may tell of persons only where it is asked for. */
export function showLetter(
  { environment, remote }: Installation,
  id: string,
  { body, json }: { readonly body?: true; readonly json?: true },
): Promise<ExitCode> {
  return withDeadLetters(environment, remote, async (place) => {
    const letter = byId(await place.list(), id);
    const envelope = await place.open(letter);
    const content = envelope ? await contentOf(envelope) : { value: undefined, problem: 'it is no longer kept' };
    const headers = envelope?.headers ?? {};
    const whole = body ?? false;
    if (json) tell([JSON.stringify({ ...letter, headers, ...(whole ? { body: content.value } : {}) })]);
    else tell(letterLines({ letter, headers, content }, whole));
    return exitCodes.verified;
  });
}

/** Sends dead letters to their consumers again; in one process reads again what they are of. */
export function redriveLetters(installation: Installation, { dryRun, ...selection }: Acting): Promise<ExitCode> {
  const { environment, remote, signal } = installation;
  return withDeadLetters(environment, remote, async (place) => {
    const chosen = selectExplicitly(await place.list(), selection);
    if (dryRun || chosen.length === 0) return foretold(chosen, 'redriven');
    const redriven = await place.redrive(chosen, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      warn('Stopped. What was not sent again is where it was.');
    });
    if (!redriven) return exitCodes.interrupted;
    const { taken, reopened, runIds } = redriven;
    tell([`${plural(taken.length, 'dead letter')} redriven.`, ...openLines(reopened)]);
    const left = chosen.filter(({ id }) => !taken.some((one) => one.id === id));
    for (const { id } of left) warn(`${id} stays: it names nothing that could be read again, or is gone already`);
    if (runIds.length > 0) return goOn(environment, runIds, signal);
    return left.length > 0 ? exitCodes.failed : exitCodes.verified;
  });
}

/** Takes dead letters away for good. */
export function discardLetters(
  { environment, remote }: Installation,
  { dryRun, ...selection }: Acting,
): Promise<ExitCode> {
  return withDeadLetters(environment, remote, async (place) => {
    const chosen = selectExplicitly(await place.list(), selection);
    if (dryRun || chosen.length === 0) return foretold(chosen, 'discarded');
    const taken = await place.discard(chosen);
    tell([`${plural(taken.length, 'dead letter')} discarded. What they were of stays as it is: et-etl gaps tells.`]);
    return exitCodes.verified;
  });
}

function foretold(letters: readonly DeadLetter[], what: string): ExitCode {
  if (letters.length === 0) tell(['No dead letter fits.']);
  else tell([...lettersLines(letters, outputWidth()), '', `These would be ${what}; nothing was changed.`]);
  return exitCodes.verified;
}

function openLines(reopened: number): string[] {
  if (reopened === 0) return [];
  return [`${plural(reopened, 'day or dictionary', 'days or dictionaries')} open again; et-etl status tells how far.`];
}
