import type { Random } from '../emulator/generate/random.js';
import type { Ground } from './ground.js';
import { requestsOf, someMoment } from './moments.js';
import type { Outcome } from './scenario.js';
import { liesOf, readingsOf, standingOf } from './standing.js';
import type { Way } from './ways.js';

/** Of the requests a backfill takes, so many are spent before the last kill, where none has to be repeated. */
const SHARE = 0.6;

/**
 * Kills all processes of a backfill at moments of chance, one time after the other, and lets it end then. After each
 * kill only what was out may be read again, and nothing that was verified.
 */
export async function killInARow(
  ground: Ground,
  way: Way,
  kills: number,
  luck: Random,
): Promise<Pick<Outcome, 'faults' | 'readAgain' | 'wrong'>> {
  const wrong: string[] = [];
  const readBefore = new Set<string>();
  // A process that was killed before it came to read again what was out leaves that to the next.
  const owed = new Set<string>();
  let readAgain = 0;
  let faults = 0;
  for (let kill = 0; kill <= kills; kill += 1) {
    const standing = await standingOf(ground);
    wrong.push(...(await liesOf(ground, standing)));
    for (const day of standing.out) owed.add(day);
    ground.emulator.resetStats();
    await way.start();
    if (kill === kills) await way.finished();
    else {
      await someMoment(ground.emulator, (requestsOf(ground.emulator) * SHARE * 2) / kills, luck);
      await way.kill();
      // A kill proves nothing where no work was left.
      if (!(await standingOf(ground)).runs.includes('done')) faults += 1;
    }
    for (const [day, times] of readingsOf(ground.emulator.stats().listings)) {
      const repeated = readBefore.has(day) ? times : times - 1;
      readAgain += repeated;
      if (standing.verified.has(day)) wrong.push(`${day} was verified before kill ${kill}, and read again`);
      else if (repeated > 0 && !owed.has(day)) wrong.push(`${day} was not out at kill ${kill}, and read again`);
      readBefore.add(day);
      owed.delete(day);
    }
  }
  return { faults, readAgain, wrong };
}
