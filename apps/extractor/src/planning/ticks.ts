import { CronExpressionParser } from 'cron-parser';

import { wallClock } from './days.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Clocks are changed by no more than this at once. */
const SHIFT_MS = 3 * HOUR_MS;

/**
 * The latest tick of a cron expression not after `now`. Ticks are counted on the wall clock, as though it never
 * jumped, and then placed in time: a local time that is skipped fires at the end of the gap, one that comes twice
 * fires the first time. (cron-parser's own reckoning with a zone drops the first and fires the second twice.)
 * Undefined where the expression has no tick before `now`. Throws on an expression that is none.
 */
export function latestTick(expression: string, timezone: string, now: Date): Date | undefined {
  const ticks = CronExpressionParser.parse(expression, {
    currentDate: new Date(wallMs(now.getTime(), timezone) + SHIFT_MS),
    tz: 'UTC',
  });
  while (ticks.hasPrev()) {
    const tick = instantOf(ticks.prev().getTime(), timezone);
    if (tick <= now.getTime()) return new Date(tick);
  }
  return undefined;
}

/** Whether a tick is to become a run: later than the last that did, or younger than a day where none did. */
export function isDue(tick: Date, lastTick: string | null, now: Date): boolean {
  return lastTick === null ? now.getTime() - tick.getTime() < DAY_MS : tick.getTime() > Date.parse(lastTick);
}

/** The first instant at which the wall clock shows this time or, where it is skipped, a later one. */
function instantOf(wall: number, timezone: string): number {
  let early = wall - DAY_MS;
  let late = wall + DAY_MS;
  const candidates = [early, late].map((near) => wall - (wallMs(near, timezone) - near));
  const exact = candidates.filter((instant) => wallMs(instant, timezone) === wall);
  if (exact.length > 0) return Math.min(...exact);
  [early, late] = [Math.min(...candidates) - SHIFT_MS, Math.max(...candidates) + SHIFT_MS];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (wallMs(middle, timezone) >= wall) late = middle;
    else early = middle;
  }
  return late;
}

/** The wall clock's reading as though it were UTC, milliseconds. */
function wallMs(instant: number, timezone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(new Date(instant), timezone);
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
}
