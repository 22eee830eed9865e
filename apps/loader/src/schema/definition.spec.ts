import { outdated } from './definition.js';
import type { FoundIndex } from './catalog.js';

const index = (kind: FoundIndex['kind'], ...columns: string[]): FoundIndex => ({
  name: columns.join('_'),
  columns,
  kind,
});
const found = (...indexes: FoundIndex[]) => ({ columns: new Map(), indexes, foreignKeys: [] });

describe('what an adopted database may lose', () => {
  it.each([
    ['sessions_comments', index('unique', 'session_id')],
    ['sessions_summaries', index('unique', 'text', 'session_id')],
  ])('is the unique key of %s', (table, key) => {
    expect(outdated(table, found(index('primary', 'id'), key, index('plain', ...key.columns)))).toEqual([key]);
  });

  it('is no other key, and of no other table', () => {
    const others = [
      index('unique', 'session_id', 'author_id'),
      index('unique', 'et_id'),
      index('primary', 'session_id'),
    ];
    expect(outdated('sessions_comments', found(...others))).toEqual([]);
    expect(outdated('sessions_tags', found(index('unique', 'session_id')))).toEqual([]);
  });
});
