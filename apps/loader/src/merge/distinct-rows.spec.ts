import { distinctRows } from './distinct-rows.js';

describe('rows of one set', () => {
  it('keep the last of those whose keys are equal, nulls too', () => {
    const rows = [
      { a: 1, b: null, c: 'first' },
      { a: 1, b: '', c: 'other' },
      { a: 1, b: null, c: 'last' },
    ];
    expect(distinctRows(['a', 'b'], rows).map(({ c }) => c)).toEqual(['last', 'other']);
  });

  it('hold numbers and their texts as equal', () => {
    expect(distinctRows(['a'], [{ a: 5 }, { a: '5' }])).toEqual([{ a: '5' }]);
  });

  it.each([
    ['texts', [{ a: 'x', b: 'yz' }, { a: 'xy', b: 'z' }]], // prettier-ignore
    ['nulls and empty texts', [{ a: null, b: '' }, { a: '', b: null }]], // prettier-ignore
  ])('are left as they are where all keys differ: %s', (_what, rows) => {
    expect(distinctRows(['a', 'b'], rows)).toBe(rows);
  });
});
