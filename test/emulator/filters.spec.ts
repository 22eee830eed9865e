import { FilterError, parseFilter } from './filters.js';
import { DAY_MICROS, dayNumber } from './generate/moments.js';

const day = dayNumber('2026-11-20') ?? 0;
const MINUTE = 60_000_000;

it.each([
  ['as it is', (text: string) => text],
  ['percent-encoded', encodeURIComponent],
  ['encoded twice', (text: string) => encodeURIComponent(encodeURIComponent(text))],
])('reads parts joined by ±, %s', (_form, encode) => {
  const text = 'date_range,2026-11-20,2026-11-21||±is_scored,manual±categories,12,34|or±reviewers,true';
  expect(parseFilter(encode(text), 'minute')).toEqual({
    range: { from: { day, micros: 0 }, to: { day: day + 1, micros: DAY_MICROS - 1 } },
    scored: 'manual',
    categories: { ids: [12, 34], all: false },
    reviewed: true,
  });
});

it.each([
  ['minute', 721 * MINUTE - 1],
  ['exact', 720 * MINUTE],
] as const)('takes the last bound of a time of day by %s', (bounds, last) => {
  expect(parseFilter('date_range,2026-11-20,2026-11-20||00:30,12:00', bounds).range).toEqual({
    from: { day, micros: 30 * MINUTE },
    to: { day, micros: last },
  });
});

it('finds texts whatever their case, percent signs included', () => {
  expect(parseFilter(encodeURIComponent('search_query,ЗНИЖКА 100%'), 'minute').search).toBe('знижка 100%');
});

it('restricts nothing where there is nothing', () => {
  expect(parseFilter('', 'minute')).toEqual({});
});

it.each([
  'date_range,2026-02-31,2026-03-01||',
  'date_range,2026-11-20||',
  'date_range,2026-11-20,2026-11-20||25:00,26:00',
  'date_range,2026-11-20,2026-11-20||12:00',
  'is_scored,perhaps',
  'categories,abc|or',
  'no_such_filter,1',
])('refuses %s', (text) => {
  expect(() => parseFilter(text, 'minute')).toThrow(FilterError);
});
