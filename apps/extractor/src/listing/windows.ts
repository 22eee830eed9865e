import type { Window } from '../et/filters.js';

/** From midnight to the last minute, which is as far as ET's times of day reach. */
export const WHOLE_DAY: Window = { from: 0, to: 24 * 60 - 1 };

/**
 * Two halves that share the minute between them, because ET does not say whether a bound includes the seconds of its
 * minute. Undefined where a window is as small as ET can tell apart.
 */
export function halves(window: Window): readonly [Window, Window] | undefined {
  if (window.to - window.from <= 1) return undefined;
  const middle = Math.ceil((window.from + window.to) / 2);
  return [
    { from: window.from, to: middle },
    { from: middle, to: window.to },
  ];
}
