import { answer, command, page, question, rowBatch, slice, stageSchemas } from './index.js';

const aSlice = {
  runId: 'run-1',
  sliceId: 'run-1:2026-11-20',
  lane: 'live',
  subject: { kind: 'day', day: '2026-11-20' },
};

describe('commands', () => {
  it('takes what a person would type', () => {
    expect(command.parse({ type: 'backfill', from: '2025-01-01', to: '2025-12-31' })).toEqual({
      type: 'backfill',
      from: '2025-01-01',
      to: '2025-12-31',
      force: false,
    });
    expect(command.parse({ type: 'sync' })).toEqual({ type: 'sync' });
  });

  it.each([
    ['an unknown type', { type: 'drop' }],
    ['a day that does not exist', { type: 'backfill', from: '2025-02-31', to: '2025-03-01' }],
    ['an end before its begin', { type: 'backfill', from: '2025-03-02', to: '2025-03-01' }],
    ['a misspelt key', { type: 'backfill', from: '2025-01-01', to: '2025-01-02', too: 1 }],
    ['a list', []],
    ['nothing', null],
  ])('refuses %s', (_what, body) => {
    expect(command.safeParse(body).success).toBe(false);
  });
});

describe('messages of a run', () => {
  it('reads a slice back as it was sent', () => {
    expect(slice.parse(JSON.parse(JSON.stringify(aSlice)))).toEqual(aSlice);
  });

  it('ignores fields of a newer version instead of failing', () => {
    expect(slice.safeParse({ ...aSlice, later: true }).success).toBe(true);
  });

  it('refuses a page whose version is no moment', () => {
    const body = { slice: aSlice, attempt: '0b7e9f0c-7a1f-4a51-9d5c-6f2f3b1f8a11', page: 0, sessions: [] };
    expect(page.safeParse({ ...body, version: 0 }).success).toBe(false);
    expect(page.safeParse({ ...body, version: 1_763_842_140_123_456 }).success).toBe(true);
  });

  it('refuses rows with cells no database takes', () => {
    const identity = {
      slice: aSlice,
      attempt: '0b7e9f0c-7a1f-4a51-9d5c-6f2f3b1f8a11',
      page: 0,
      number: 0,
      sha: 'a'.repeat(64),
    };
    const batch = (cell: unknown) => ({
      identity,
      entity: 'session',
      answered: [
        {
          key: 'k',
          outcome: 'loaded',
          documents: [{ document: 'session', version: 1, rows: { sessions: [{ id: cell }] } }],
        },
      ],
      rejects: [],
      unknownFields: {},
      cleaned: { nul: 0, surrogates: 0 },
    });
    expect(rowBatch.safeParse(batch('x')).success).toBe(true);
    expect(rowBatch.safeParse(batch({})).success).toBe(false);
  });
});

it('answers every kind of question with an answer of the same kind', () => {
  const asked = question.options.map((option) => option.shape.type.value);
  const answered: string[] = answer.options.map((option) => option.shape.type.value);
  for (const type of asked) expect(answered).toContain(type);
  expect(Object.keys(stageSchemas)).toContain('questions');
});
