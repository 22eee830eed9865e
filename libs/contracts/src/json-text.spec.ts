import fc from 'fast-check';

import { JsonFault, MAX_JSON_LEVELS, MAX_JSON_VALUES, readJson } from './json-text.js';

const read = (text: string, options?: { exact: boolean }) => readJson(Buffer.from(text), options);
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const list = (values: number) => `[${Array.from({ length: values - 1 }, () => 1).join()}]`;

it('reads any JSON as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      expect(read(text)).toEqual(JSON.parse(text));
    }),
  );
});

it.each(['', '{', '[1,]', '{"a":1}}', "{'a':1}", '01', 'NaN', '\u0000', '"\\x"', '"a', '"a\\', ']][['])(
  'refuses %j, which is no JSON',
  (text) => {
    expect(() => read(text)).toThrow(new JsonFault('is not JSON', false));
  },
);

it('never quotes what it cannot read', () => {
  expect(() => read('{"text": a secret')).toThrow(/^is not JSON$/);
});

it('reads as many levels as it says, and no more', () => {
  expect(JSON.stringify(read(nested(MAX_JSON_LEVELS)))).toBe(nested(MAX_JSON_LEVELS));
  expect(() => read(nested(MAX_JSON_LEVELS + 1))).toThrow('deeper than 1000 levels');
  expect(() => read('{"a":'.repeat(5_000_000))).toThrow('deeper than 1000 levels');
});

it('reads as many values as it says, and no more', () => {
  expect(read(list(MAX_JSON_VALUES))).toHaveLength(MAX_JSON_VALUES - 1);
  expect(() => read(list(MAX_JSON_VALUES + 1))).toThrow('more than 2000000 values');
  expect(() => read(`[${'[],'.repeat(MAX_JSON_VALUES / 2)}[]]`)).toThrow('more than 2000000 values');
});

it('takes brackets, commas and digits in texts for what they are', () => {
  const text = `[,{"\\\\"12345678901234567890\\`.repeat(MAX_JSON_LEVELS);
  expect(read(JSON.stringify({ [text]: text }), { exact: true })).toEqual({ [text]: text });
});

it('keeps the last of equal keys, and a prototype that is only a key', () => {
  const value = read('{"a":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":2}');
  expect(value).toHaveProperty('a', 2);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(value as object)).toEqual(['a', '__proto__', 'constructor']);
  expect({}).not.toHaveProperty('polluted');
});

describe('numbers that a program cannot hold', () => {
  it.each([
    ['12345678901234567890', '12345678901234567890'],
    ['-9007199254740993', '-9007199254740993'],
    ['1e400', '1e400'],
    ['-1.5E+999', '-1.5E+999'],
  ])('%s is kept as text', (written, kept) => {
    expect(read(`{"id":${written},"others":[1,${written}]}`, { exact: true })).toEqual({
      id: kept,
      others: [1, kept],
    });
  });

  it.each(['9007199254740991', '0.12345678901234567890', '1e20', '5e-324', '1e-400', '1.7976931348623157e308'])(
    '%s is not one of them',
    (written) => {
      expect(read(`[${written},true]`, { exact: true })).toEqual([Number(written), true]);
    },
  );

  it('any whole number keeps its digits', () => {
    fc.assert(
      fc.property(fc.bigInt(), (whole) => {
        expect(String((read(`[${whole}]`, { exact: true }) as unknown[])[0])).toBe(String(whole));
      }),
    );
  });
});
