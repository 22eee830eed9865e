import fc from 'fast-check';

import { itemKey, sessionKey } from './keys.js';

describe('keys that listed records are counted and answered under', () => {
  it('writes UUIDs in lower case', () => {
    expect(sessionKey({ id: '6F1C2D3E-0000-4000-8000-00000000ABCD' })).toBe('6f1c2d3e-0000-4000-8000-00000000abcd');
  });

  it.each([
    [7, '7'],
    [0, '0'],
    ['007', '7'],
    [-3, '-3'],
    [5.0, '5'],
  ])('writes the item id %j as %s', (id, key) => {
    expect(itemKey({ id })).toBe(key);
  });

  it('names an id of a wrong type by its JSON text', () => {
    expect(sessionKey({ id: 17 })).toBe('17');
    expect(itemKey({ id: 'seven' })).toBe('"seven"');
  });

  it('tells records without an id apart', () => {
    expect(itemKey({ name: 'a' })).not.toBe(itemKey({ name: 'b' }));
    expect(itemKey({ id: null, name: 'a' })).toMatch(/^[\da-f]{64}$/);
  });

  it('never gives the same key to long ids that differ at the end', () => {
    const long = 'x'.repeat(100);
    expect(sessionKey({ id: `${long}1` })).not.toBe(sessionKey({ id: `${long}2` }));
  });

  it('gives every JSON value a key that any database can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const key of [itemKey(value), sessionKey(value), itemKey({ id: value }), sessionKey({ id: value })]) {
          expect(key.length).toBeGreaterThan(0);
          expect(key.length).toBeLessThanOrEqual(64);
          expect(key.isWellFormed() && !key.includes('\0')).toBe(true);
        }
      }),
    );
  });
});
