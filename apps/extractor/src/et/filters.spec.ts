import { dayFilter, normaliseFilters } from './filters.js';

describe('filters as users give them', () => {
  test.each([
    ['is_scored,manual', 'is_scored,manual'],
    ['is_scored%2Cmanual%C2%B1categories%2C1%2C2%7Cor', 'is_scored,manual±categories,1,2|or'],
    ['is_scored%252Cmanual', 'is_scored,manual'],
    [
      'https://et/main/conversations?filters=date_range%2C2026-01-01%2C2026-01-02%7C%7C%C2%B1reviewers%2Ctrue&order_by=newest',
      'reviewers,true',
    ],
    ['search_query,50% off', 'search_query,50% off'],
    ['search_query,знижка', 'search_query,знижка'],
    [' ± ', ''],
  ])('%s is read as %s', (given, expected) => {
    expect(normaliseFilters(given)).toBe(expected);
  });
});

describe("a day's filter", () => {
  test('is a whole day, or a window of it, with further parts', () => {
    expect(dayFilter('2026-11-20', undefined, undefined)).toBe('date_range,2026-11-20,2026-11-20||');
    expect(dayFilter('2026-11-20', { from: 0, to: 725 }, 'is_scored,manual')).toBe(
      'date_range,2026-11-20,2026-11-20||00:00,12:05±is_scored,manual',
    );
  });
});
