/** What is known of the days of a run. Sessions are those answered for, one way or the other. */
export interface Pace {
  /** Days that are not closed, and those among them of which no listing has come to its end. */
  readonly open: number;
  readonly unlisted: number;
  /** Sessions of open days that were listed and are not answered for yet. */
  readonly unanswered: number;
  /** Sessions of each listed day, the ones nearest to the days that are not listed yet first. */
  readonly nearest: readonly number[];
  /** Days closed and sessions answered for lately, and how many seconds that is. */
  readonly closed: number;
  readonly answered: number;
  readonly seconds: number;
}

/** A day by itself takes as long as so many sessions: requests one after the other, few days at a time. */
const DAY = 20;

/** Seconds until all days are closed. Null where nothing was done lately, nothing is left, or nothing is known of it. */
export function etaOf({ open, unlisted, unanswered, nearest, closed, answered, seconds }: Pace): number | null {
  if (open === 0 || seconds <= 0 || (unlisted > 0 && nearest.length === 0)) return null;
  const done = answered + DAY * closed;
  const left = DAY * open + unanswered + (unlisted > 0 ? unlisted * expected(nearest, unlisted) : 0);
  return done === 0 ? null : Math.round((left * seconds) / done);
}

/** Days like which the next ones are: four weeks, for weekdays differ. */
const LIKE = 28;
/** How far days may go on as they went before: chance makes a line of any few days. */
const TREND = { least: 1 / 3, most: 2 } as const;

/**
 * Sessions of a day that is not listed yet: half as the nearest days are, half as all went on until there. Customers
 * grow, so days get smaller the further back a backfill comes; by the nearest days alone it would end in half the time.
 */
function expected(nearest: readonly number[], unlisted: number): number {
  const like = mean(nearest.slice(0, LIKE));
  const middle = (nearest.length - 1) / 2;
  const [rise, run] = nearest.reduce(
    ([above, across], sessions, place) => [above + (place - middle) * sessions, across + (place - middle) ** 2],
    [0, 0],
  );
  // No further than as many days as are known.
  const ahead = (Math.min(unlisted, nearest.length) + 1) / 2 + middle;
  const trend = mean(nearest) - (run > 0 ? rise / run : 0) * ahead;
  return (like + Math.min(TREND.most * like, Math.max(TREND.least * like, trend))) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sessions answered for a second; null where no time has passed. */
export function rateOf({ answered, seconds }: Pace): number | null {
  return seconds > 0 ? answered / seconds : null;
}
