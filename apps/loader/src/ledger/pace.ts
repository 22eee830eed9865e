/** What is known of the days of a run. Sessions are those answered for, one way or the other. */
export interface Pace {
  /** Days that are not closed, and those among them of which no listing has come to its end. */
  readonly open: number;
  readonly unlisted: number;
  /** Sessions of open days that were listed and are not answered for yet. */
  readonly unanswered: number;
  /** Sessions of listed days, of those nearest to the days that are not listed yet. */
  readonly nearest: readonly number[];
  /** Days closed and sessions answered for lately, and how many seconds that is. */
  readonly closed: number;
  readonly answered: number;
  readonly seconds: number;
}

/** A day by itself takes as long as so many sessions: requests one after the other, few days at a time. */
const DAY = 20;

/**
 * Seconds until all days are closed. Days that are not listed yet are taken to be like those listed last. Null where
 * nothing was done lately, nothing is left, or nothing is known of what is left.
 */
export function etaOf({ open, unlisted, unanswered, nearest, closed, answered, seconds }: Pace): number | null {
  if (open === 0 || seconds <= 0 || (unlisted > 0 && nearest.length === 0)) return null;
  const done = answered + DAY * closed;
  const typical = nearest.reduce((sum, sessions) => sum + sessions, 0) / Math.max(1, nearest.length);
  const left = DAY * open + unanswered + typical * unlisted;
  return done === 0 ? null : Math.round((left * seconds) / done);
}

/** Sessions answered for a second; null where no time has passed. */
export function rateOf({ answered, seconds }: Pace): number | null {
  return seconds > 0 ? answered / seconds : null;
}
