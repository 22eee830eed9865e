import { setTimeout as sleep } from 'node:timers/promises';

import { Breaker } from './breaker.js';
import { TransientError } from './failures.js';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const away = new TransientError('refused', { outside: true, away: 'database' });

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !condition();) {
    if (Date.now() > end) throw new Error('waited in vain');
    await sleep(1);
  }
}

/** A breaker that notes what it does; the probes fail as long as `there` is false. */
function watched(pauses = { first: 1, most: 4 }) {
  const noted: string[] = [];
  const world = { there: false, probes: 0 };
  const ask = async () => {
    world.probes += 1;
    if (!world.there) throw new Error('still away');
  };
  const note = (what: string) => async () => void noted.push(what);
  const breaker = new Breaker({ what: 'database', ask, pause: note('pause'), resume: note('resume'), logger, pauses });
  return { breaker, noted, world };
}

it('pauses once, whoever finds it away, and resumes once a probe succeeds', async () => {
  const { breaker, noted, world } = watched();
  for (let message = 0; message < 8; message += 1) breaker.trip(away);
  expect(breaker.state).toMatchObject({ what: 'database', reason: 'refused' });
  await until(() => world.probes >= 3);
  expect(noted).toEqual(['pause']);
  world.there = true;
  await until(() => noted.length === 2);
  expect(noted).toEqual(['pause', 'resume']);
  expect(breaker.state).toBeUndefined();
});

it('is there for the next time', async () => {
  const { breaker, noted, world } = watched();
  world.there = true;
  for (const done of [2, 4]) {
    breaker.trip(away);
    await until(() => noted.length === done);
  }
  expect(noted).toEqual(['pause', 'resume', 'pause', 'resume']);
});

/** Milliseconds between a trip and the resumption that follows at once. */
async function waits({ breaker, noted }: ReturnType<typeof watched>): Promise<number> {
  const [begun, before] = [performance.now(), noted.length];
  breaker.trip(away);
  await until(() => noted.length === before + 2);
  return performance.now() - begun;
}

it('waits longer each time where probes succeed and work does not, until some is done', async () => {
  const tested = watched({ first: 2, most: 10_000 });
  tested.world.there = true;
  for (let time = 0; time < 6; time += 1) await waits(tested);
  // The seventh pause is at least half of 2 ms doubled six times.
  expect(await waits(tested)).toBeGreaterThanOrEqual(60);
  tested.breaker.proved();
  expect(await waits(tested)).toBeLessThan(60);
});

it('resumes nothing once it is stopped', async () => {
  const { breaker, noted, world } = watched();
  breaker.trip(away);
  await until(() => world.probes > 0);
  await breaker.stop();
  world.there = true;
  breaker.trip(away);
  const { probes } = world;
  await sleep(20);
  expect([noted, world.probes]).toEqual([['pause'], probes]);
});
