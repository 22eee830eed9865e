import fc from 'fast-check';

import { indexOfUuid, uuidOf } from './ids.js';

const word = fc.integer({ min: 0, max: 0xffffffff });

it('finds the index of every id it makes, in either case of letters', () => {
  fc.assert(
    fc.property(word, fc.integer({ min: 1, max: 9 }), word, (seed, kind, index) => {
      const uuid = uuidOf(seed, kind, index);
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(indexOfUuid(seed, kind, uuid)).toBe(index);
      expect(indexOfUuid(seed, kind, uuid.toUpperCase())).toBe(index);
    }),
  );
});

it('knows no id of another tenant, another kind, or of nobody', () => {
  fc.assert(
    fc.property(word, word, (seed, index) => {
      expect(indexOfUuid(seed, 1, uuidOf(seed ^ 1, 1, index))).toBeUndefined();
      expect(indexOfUuid(seed, 1, uuidOf(seed, 2, index))).toBeUndefined();
    }),
  );
  expect(indexOfUuid(1, 1, '00000000-0000-4000-8000-000000000000')).toBeUndefined();
  expect(indexOfUuid(1, 1, 'not an id')).toBeUndefined();
});
