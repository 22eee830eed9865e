import fc from 'fast-check';

import { clean, cutBytes } from './cleaning.js';

function cleanedOf(value: unknown) {
  const cleaned = { nul: 0, surrogates: 0 };
  return { value: clean(value, JSON.stringify(value), cleaned), cleaned };
}

describe('characters that no database takes', () => {
  it('are taken out of values and keys, and counted', () => {
    expect(cleanedOf({ 'a\0': 'b\0c\0', d: ['\ud83d', '\ude00!'] })).toEqual({
      value: { a: 'bc', d: ['\ufffd', '\ufffd!'] },
      cleaned: { nul: 3, surrogates: 2 },
    });
  });

  it('leaves texts that only look like escapes as they are', () => {
    const value = { text: '\\u0000 \\\\ud800 "\\"', emoji: '😀' };
    const { value: kept, cleaned } = cleanedOf(value);
    expect(kept).toEqual(value);
    expect(cleaned).toEqual({ nul: 0, surrogates: 0 });
    expect(cleanedOf({ ...value, bad: '\\\0' }).value).toEqual({ ...value, bad: '\\' });
  });

  it('copies nothing where there is nothing to clean', () => {
    const value = { text: 'plain' };
    expect(cleanedOf(value).value).toBe(value);
  });

  it('keeps a key named __proto__ a key', () => {
    const value: unknown = JSON.parse('{"__proto__":{"x":"\\u0000"}}');
    expect(JSON.stringify(cleanedOf(value).value)).toBe('{"__proto__":{"x":""}}');
  });

  it('equals cleaning string by string, and is idempotent', () => {
    const texts = fc.string({
      unit: fc.constantFrom('\0', '\ud83d', '\ude00', '\\', '"', 'u0000', 'ud800', 'ї', '\n'),
    });
    fc.assert(
      fc.property(fc.array(texts), (list) => {
        const { value } = cleanedOf(list);
        // A pair that U+0000 parted stays two halves, so halves are replaced first.
        expect(value).toEqual(list.map((text) => text.toWellFormed().replaceAll('\0', '')));
        expect(cleanedOf(value)).toEqual({ value, cleaned: { nul: 0, surrogates: 0 } });
      }),
    );
  });
});

describe('cutting at a number of bytes', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['їжа', 5, 'їж'],
    ['a😀', 4, 'a'],
    ['a😀', 5, 'a😀'],
  ])('cuts %s at %i bytes to %s', (text, bytes, cut) => expect(cutBytes(text, bytes)).toBe(cut));

  it('gives whole characters within the bytes, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, bytes) => {
        const cut = cutBytes(text, bytes);
        expect(text.startsWith(cut)).toBe(true);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
      }),
    );
  });
});
