import { categoryChanges } from './categories.js';

const categories = [
  { id: 3, created_at: '2026-01-01T00:00:00', updated_at: '2026-11-20T10:00:00.5' },
  { id: 1, created_at: '2026-11-21 08:00:00', updated_at: null },
  { id: 2, created_at: '2026-01-01T00:00:00', updated_at: '2026-11-20T10:00:00Z' },
  { id: 4 },
  null,
];

test('without a watermark nothing has changed, and the greatest moment becomes the watermark', () => {
  expect(categoryChanges(categories, null)).toEqual({ changed: [], watermark: '2026-11-21T08:00:00.000000' });
});

test('what is later than the watermark has changed, whatever the form of its moment', () => {
  expect(categoryChanges(categories, '2026-11-20T10:00:00.000000').changed).toEqual([1, 3]);
  expect(categoryChanges(categories, '2026-11-21T08:00:00.000000').changed).toEqual([]);
});

test('the watermark never goes back', () => {
  expect(categoryChanges(categories, '2027-01-01T00:00:00.000000').watermark).toBe('2027-01-01T00:00:00.000000');
  expect(categoryChanges([], null).watermark).toBeNull();
});
