import { stages, type Message } from '#contracts';
import fc from 'fast-check';

import { unpack } from './codec.js';
import { decode } from './decode.js';
import { RejectedError } from './failures.js';

const slice = {
  runId: 'run-1',
  sliceId: 'run-1:2026-11-20',
  lane: 'live',
  subject: { kind: 'day', day: '2026-11-20' },
} as const;
const attempt = '0b7e9f0c-7a1f-4a51-9d5c-6f2f3b1f8a11';
const identity = { slice, attempt, page: 0, number: 0, sha: 'a'.repeat(64) };
const session = { id: '6f1c2d3e-0000-4000-8000-000000000001', duration: 12.5, crm_status: null };

/** One whole message of each stage, as its first version wrote it: whatever comes later has to read these. */
const firstVersion: { readonly [S in (typeof stages)[number]['stage']]: Message<S> } = {
  commands: { type: 'backfill', from: '2025-01-01', to: '2025-12-31', force: false },
  slices: slice,
  pages: { slice, attempt, page: 0, version: 1_763_842_140_123_456, sessions: [{ id: session.id, session }] },
  raw: {
    identity,
    content: {
      kind: 'sessions',
      detailOwnsInfo: false,
      sessions: [
        { id: session.id, version: 7, session, documents: { summary: { version: 8, body: [] } }, unknown: [] },
      ],
    },
  },
  rows: {
    identity,
    entity: 'session',
    answered: [
      {
        key: session.id,
        outcome: 'loaded',
        documents: [{ document: 'session', version: 7, rows: { sessions: [{ id: session.id }] } }],
        unknown: [],
      },
    ],
    rejects: [{ key: 'k', reason: 'sessions.start_dt: other text', raw: '{}' }],
    unknownFields: { 'sessions.new_field': 1 },
    cleaned: { nul: 0, surrogates: 1 },
  },
  ends: { slice, attempt, listed: 1, countBefore: 1, countAfter: 1, dayOver: true },
  problems: { slice, attempt, stage: 'raw', reason: 'the work failed' },
  questions: { type: 'status' },
};
const known = stages.map(({ stage }) => stage);

/** What became of a message: its value, or the reason why it was refused. Anything else fails the test. */
async function read(stage: (typeof known)[number], body: Buffer): Promise<unknown> {
  try {
    return decode(stage, await unpack(body, undefined));
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    expect(error.message.length).toBeLessThan(500);
    return error;
  }
}
const written = (stage: (typeof known)[number], change: (text: string) => string) =>
  read(stage, Buffer.from(change(JSON.stringify(firstVersion[stage]))));

it.each(known)('reads the first version of %s, and what a later one adds to it', async (stage) => {
  expect(await written(stage, (text) => text)).toEqual(firstVersion[stage]);
  const later = await written(stage, (text) => text.replace('{', '{"added":{"later":[1]},'));
  // A person's order is taken at its word: a field nobody knows may be one that was mistyped.
  expect(later instanceof RejectedError).toBe(stage === 'commands');
});

/** Values in place of others, as JSON text that no library would write. */
const oddities = [
  ...['null', '{}', '[]', '""', '-1', '0.5', '1e400', '-1e999', '12345678901234567890', 'true', '[[[[]]]]'],
  ...['"\\u0000"', '"\\ud800"', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'],
  ...['{"toString":1,"hasOwnProperty":2,"then":3}', '{"length":1e9}', JSON.stringify('x'.repeat(100_000))],
  ...[`${'['.repeat(20_000)}${']'.repeat(20_000)}`, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
];
/** Of a JSON text, every value that stands for itself. */
const values = /"(?:[^"\\]|\\.)*"(?!:)|-?\d+(?:\.\d+)?|true|false|null|\[\]|\{\}/g;
const doubled = /"(\w+)":/g;

it('reads a message with any value in place of any other, or refuses it by name', async () => {
  const places = fc.record({ stage: fc.constantFrom(...known), at: fc.nat(), odd: fc.constantFrom(...oddities) });
  await fc.assert(
    fc.asyncProperty(places, async ({ stage, at, odd }) => {
      const found = await written(stage, (text) => {
        const all = [...text.matchAll(values)];
        const one = all[at % all.length];
        return one ? text.slice(0, one.index) + odd + text.slice(one.index + one[0].length) : text;
      });
      if (!(found instanceof RejectedError)) expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect({}).not.toHaveProperty('polluted');
    }),
    { numRuns: 1_500 },
  );
});

it('takes the last of equal keys wherever they stand, and a prototype for a field nobody knows', async () => {
  for (const stage of known) {
    const twice = await written(stage, (text) => text.replaceAll(doubled, '"$1":{"first":true},"$1":'));
    expect(twice).toEqual(firstVersion[stage]);
    if (stage === 'commands') continue;
    const found = await written(stage, (text) => text.replace('{', '{"__proto__":{"lane":"backfill","type":"gaps"},'));
    expect(found).toEqual(firstVersion[stage]);
  }
});

it('refuses bytes of chance', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...known), fc.uint8Array({ maxLength: 200 }), async (stage, bytes) => {
      expect(await read(stage, Buffer.from(bytes))).toBeInstanceOf(RejectedError);
    }),
  );
});

it.each([
  ['pages', `{"sessions":[${'1,'.repeat(1_500_000)}1]}`],
  ['pages', JSON.stringify(firstVersion.pages).replace('"sessions":[', `"sessions":[${'1,'.repeat(1_500_000)}`)],
  ['raw', `[${'[],'.repeat(5_000_000)}[]]`],
  ['raw', `${'['.repeat(5_000_000)}`],
  ['rows', JSON.stringify(firstVersion.rows).replace('"sessions":[', `"sessions":[${'{"a":[]},'.repeat(500_000)}`)],
  ['rows', JSON.stringify(firstVersion.rows).replace('[{"id"', `[{${columns(300_000)}"id"`)],
  ['rows', JSON.stringify(firstVersion.rows).replace('"unknownFields":{', `"unknownFields":{${columns(300_000)}`)],
  ['commands', `{${columns(300_000)}"type":"sync"}`],
] as const)('refuses %s full of faults within a second or two', async (stage, text) => {
  const begun = performance.now();
  expect(await read(stage, Buffer.from(text))).toBeInstanceOf(RejectedError);
  expect(performance.now() - begun).toBeLessThan(6_000);
});

function columns(count: number): string {
  return Array.from({ length: count }, (_, index) => `"c${index}":[],`).join('');
}

it('never quotes a value that it refuses', async () => {
  const found = await written('problems', (text) => text.replace('"raw"', '{"secret":"a secret"}'));
  expect(String(found)).toContain('stage: Invalid input: expected string, received object');
  expect(String(found)).not.toContain('secret');
});
