import { sumNotes } from './notes.js';

it('sums fields by path, characters by kind and rows by table, from text and objects alike', () => {
  const one = {
    unknownFields: { 'sessions.mood': 2 },
    cleaned: { nul: 1, surrogates: 0 },
    notStored: { sessions_comments: 2 },
  };
  const other = JSON.stringify({
    unknownFields: { 'sessions.mood': 3, 'tags.x': 1 },
    cleaned: { nul: 0, surrogates: 4 },
    notStored: { sessions_comments: 1, sessions_summaries: 1 },
  });
  expect(sumNotes([one, null, other])).toEqual({
    unknownFields: { 'sessions.mood': 5, 'tags.x': 1 },
    cleaned: { nul: 1, surrogates: 4 },
    notStored: { sessions_comments: 3, sessions_summaries: 1 },
  });
});

it('keeps a field whose name means something to JavaScript', () => {
  const note = JSON.parse('{"unknownFields":{"__proto__":1,"constructor":2}}') as unknown;
  expect(sumNotes([note, note]).unknownFields).toHaveProperty('constructor', 4);
});
