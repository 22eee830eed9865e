import { printable } from './printable.js';

it.each([
  ['a\u001b[2Jb\u0007', 'a\\u001b[2Jb\\u0007'],
  ['a\r\u009b31m\u007f', 'a\\u000d\\u009b31m\\u007f'],
  ['two\n\tlines, ґї “”', 'two\n\tlines, ґї “”'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('leaves JSON its meaning', () => {
  const value = { ['\u009b\u0000']: '\u001b]0;title\u0007' };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});
