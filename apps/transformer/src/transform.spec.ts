import { MAX_RAW_BYTES, type RawBatch, type RawSession } from '#contracts';

import { transform } from './transform.js';

const identity: RawBatch['identity'] = {
  slice: { runId: 'run', sliceId: 'run/2026-11-20', lane: 'live', subject: { kind: 'day', day: '2026-11-20' } },
  attempt: '6f1c2d3e-0000-4000-8000-000000000001',
  page: 0,
  number: 0,
  sha: 'a'.repeat(64),
};
const uuid = (number: number) => `6f1c2d3e-0000-4000-8000-${String(number).padStart(12, '0')}`;
const session = (id: string, fields = {}, given: Partial<RawSession> = {}): RawSession => ({
  id,
  version: 1000,
  session: { id, ...fields },
  documents: {},
  unknown: [],
  ...given,
});
const ofSessions = (...sessions: RawSession[]) =>
  transform({ identity, content: { kind: 'sessions', detailOwnsInfo: false, sessions } });
const ofLabels = (...items: unknown[]) =>
  transform({ identity, content: { kind: 'dictionary', dictionary: 'labels', version: 1000, items } });

/** A value nested so deep that no program can walk it by recursion, though JSON can be read so. */
function bottomless(): unknown {
  let value: unknown = 1;
  for (let depth = 0; depth < 200_000; depth += 1) value = [value];
  return value;
}

describe('a raw batch', () => {
  it('becomes a row batch of the same identity, every record answered for in order', () => {
    const batch = ofSessions(
      session(uuid(1).toUpperCase()),
      session(uuid(2), { fcr: 'secret' }),
      session(uuid(3), {}, { unknown: [{ document: 'scores', reason: 'answered 500' }] }),
      session(uuid(4), { fcr: 'ignored' }, { gone: 4000 }),
    );
    expect(batch).toMatchObject({ identity, entity: 'session' });
    expect(batch.answered.map(({ key, outcome }) => [key, outcome])).toEqual([
      [uuid(1), 'loaded'],
      [uuid(2), 'rejected'],
      [uuid(3), 'unknown'],
      [uuid(4), 'gone'],
    ]);
    expect(batch.answered[1]?.documents).toEqual([]);
    expect(batch.answered[2]?.unknown).toEqual([{ document: 'scores', reason: 'answered 500' }]);
    expect(batch.answered[3]).toEqual({ key: uuid(4), outcome: 'gone', gone: 4000, documents: [], unknown: [] });
  });

  it('sets an unmappable record aside with its reason and raw form, and goes on', () => {
    const { answered, rejects, unknownFields } = ofLabels({ id: 1, text: 'a', new: 1 }, { id: 'x', new: 2 }, 5, {
      id: 2,
    });
    expect(answered.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['1', 'loaded'],
      ['"x"', 'rejected'],
      [expect.stringMatching(/^[\da-f]{64}$/), 'rejected'],
      ['2', 'loaded'],
    ]);
    expect(rejects.map(({ reason, raw }) => [reason, raw])).toEqual([
      ['labels.id: expected int, found text', '{"id":"x","new":2}'],
      ['labels: expected object, found number', '5'],
    ]);
    expect(rejects[0]?.key).toBe('"x"');
    expect(unknownFields).toEqual({ 'labels.new': 2 });
  });

  it('rejects a session whose id is none', () => {
    const { answered, rejects } = ofSessions(session('not-a-uuid'), session(`${uuid(1)}\0`));
    expect(answered.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected']);
    expect(rejects[0]).toMatchObject({ key: '"not-a-uuid"', reason: 'sessions.id: expected uuid, found other text' });
  });

  it('keeps the beginning of a long raw form', () => {
    const [reject] = ofLabels({ id: 'x', text: 'ї'.repeat(MAX_RAW_BYTES) }).rejects;
    expect(Buffer.byteLength(reject?.raw ?? '')).toBeGreaterThan(MAX_RAW_BYTES - 2);
    expect(Buffer.byteLength(reject?.raw ?? '')).toBeLessThanOrEqual(MAX_RAW_BYTES);
  });

  it('counts the characters it cleaned', () => {
    const batch = ofLabels({ id: 1, text: 'a\0b' }, { id: 2, text: '\ud83d' });
    expect(batch.cleaned).toEqual({ nul: 1, surrogates: 1 });
    expect(batch.answered.map(({ documents }) => documents[0]?.rows.labels?.[0]?.text)).toEqual(['ab', '\ufffd']);
  });

  it('survives a record nested deeper than the stack', () => {
    const { answered, rejects } = ofSessions(
      session(uuid(1), { additional_info: bottomless() }),
      session(uuid(2), { agent_id: bottomless() }),
      session(uuid(3)),
    );
    expect(answered.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'loaded']);
    expect(rejects.map(({ reason }) => reason)).toEqual(['nested too deep', 'nested too deep']);
  });

  it('bounds how many unknown fields it names', () => {
    const odd = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field ${index}`, 1]));
    const { unknownFields } = ofLabels({ id: 1, ...odd });
    expect(Object.keys(unknownFields)).toHaveLength(201);
    expect(unknownFields['labels.(more)']).toBe(300);
  });
});
