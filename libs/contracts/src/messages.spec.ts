import { answer, command, page, question, rowBatch, slice, stageSchemas } from './index.js';

const aSlice = {
  runId: 'run-1',
  sliceId: 'run-1:2026-11-20',
  lane: 'live',
  subject: { kind: 'day', day: '2026-11-20' },
};

const aSession = '0b7e9f0c-7a1f-4a51-9d5c-6f2f3b1f8a11';

describe('commands', () => {
  it('takes what a person would type', () => {
    expect(command.parse({ type: 'backfill', from: '2025-01-01', to: '2025-12-31' })).toEqual({
      type: 'backfill',
      from: '2025-01-01',
      to: '2025-12-31',
      force: false,
    });
    expect(command.parse({ type: 'sync' })).toEqual({ type: 'sync' });
    expect(command.parse({ type: 'heal' })).toEqual({ type: 'heal', allowDeletes: false });
    expect(command.parse({ type: 'pause', runId: 'r' })).toEqual({ type: 'pause', runId: 'r' });
  });

  it.each([
    ['an unknown type', { type: 'drop' }],
    ['a day that does not exist', { type: 'backfill', from: '2025-02-31', to: '2025-03-01' }],
    ['an end before its begin', { type: 'backfill', from: '2025-03-02', to: '2025-03-01' }],
    ['a misspelt key', { type: 'backfill', from: '2025-01-01', to: '2025-01-02', too: 1 }],
    ['no run to resume', { type: 'resume' }],
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

  it.each([
    ['none', []],
    ['more than fit', Array.from({ length: 51 }, () => ({ id: aSession, documents: [] }))],
    ['an id in capitals', [{ id: aSession.toUpperCase(), documents: [] }]],
    ['the session as a detail', [{ id: aSession, documents: ['session'] }]],
  ])('refuses a slice of single sessions that names %s', (_what, sessions) => {
    const asking = (some: unknown) => ({
      ...aSlice,
      subject: { kind: 'sessions', day: '2026-11-20', why: 'unknown', sessions: some },
    });
    expect(slice.safeParse(asking(sessions)).success).toBe(false);
    expect(slice.safeParse(asking([{ id: aSession, documents: ['scores'] }])).success).toBe(true);
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
