const JOIN = '±';

/**
 * ET's filter parts in one form, decoded and joined by `±`. Users copy them from the address bar of ET's page, where
 * they are percent-encoded, even twice, and stand between `filters=` and the next `&`. A date range among them is left
 * out: the slice brings its own.
 */
export function normaliseFilters(given: string): string {
  const [, copied] = /[?&]?\bfilters=([^&]*)/.exec(given) ?? [];
  return decode(decode(copied ?? given))
    .split(JOIN)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('date_range,'))
    .join(JOIN);
}

/** A time of day in minutes; both ends belong to the window. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The filter of one day, or of a window of it, with further parts. */
export function dayFilter(day: string, window: Window | undefined, filters: string | undefined): string {
  const times = window ? `${clockTime(window.from)},${clockTime(window.to)}` : '';
  return [`date_range,${day},${day}||${times}`, ...(filters ? [filters] : [])].join(JOIN);
}

function clockTime(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function decode(text: string): string {
  if (!/%[\da-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
