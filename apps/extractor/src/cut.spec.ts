import fc from 'fast-check';

import { cut, jsonBytes } from './cut.js';

test('parts hold every item in order, none empty, each within both limits unless one item is too large', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string()),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 60 }),
      (items, count, bytes) => {
        const parts = cut(items, { count, bytes });
        expect(parts.flat()).toEqual(items);
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(count);
          const size = part.reduce((sum, item) => sum + jsonBytes(item), 0);
          expect(size <= bytes || part.length === 1).toBe(true);
        }
      },
    ),
  );
});

test('bytes are those of UTF-8', () => {
  expect([jsonBytes('їй'), jsonBytes('🙂'), jsonBytes(undefined)]).toEqual([6, 6, 0]);
});
