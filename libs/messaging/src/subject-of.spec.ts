import type { Message, Slice } from '#contracts';

import { messageIdFor, runIn, sliceIn } from './subject-of.js';

const slice: Slice = {
  runId: 'run-1',
  sliceId: 'run-1:2026-11-20',
  lane: 'live',
  subject: { kind: 'day', day: '2026-11-20' },
};
const attempt = '0b7e9f0c-7a1f-4a51-9d5c-6f2f3b1f8a11';
const identity = { slice, attempt, page: 3, number: 1, sha: 'a'.repeat(64) };
const page: Message<'pages'> = { slice, attempt, page: 3, version: 1, sessions: [] };

it.each([
  ['a slice', 'slices', slice, { slice }],
  ['a page', 'pages', page, { slice, attempt }],
  ['a batch', 'raw', { identity }, { slice, attempt }],
  ['a batch broken elsewhere', 'rows', { identity: { ...identity, page: 'x' }, rows: 5 }, { slice, attempt }],
  ['an end whose attempt is none', 'ends', { slice, attempt: 'x' }, { slice }],
] as const)('finds the slice of %s', (_what, stage, body, found) => {
  expect(sliceIn(stage, body)).toEqual(found);
});

it.each([undefined, null, 5, 'text', [], {}, { identity: null }, { slice: { runId: 5 } }])(
  'finds none in %j',
  (body) => {
    expect(sliceIn('raw', body)).toBeUndefined();
    expect(sliceIn('slices', body)).toBeUndefined();
  },
);

it('knows the run of a slice and of a command', () => {
  expect(runIn('raw', { identity })).toBe('run-1');
  expect(runIn('commands', { type: 'cancel', runId: 'run-2' })).toBe('run-2');
  expect(runIn('commands', { type: 'sync' })).toBeUndefined();
});

it('gives the same batch the same id, and another one another', () => {
  const id = messageIdFor('raw', { identity });
  expect(messageIdFor('raw', { identity: { ...identity }, content: 'ignored' })).toBe(id);
  const others = [
    messageIdFor('rows', { identity }),
    messageIdFor('raw', { identity: { ...identity, number: 2 } }),
    messageIdFor('raw', { identity: { ...identity, sha: 'b'.repeat(64) } }),
    messageIdFor('raw', { identity: { ...identity, attempt: crypto.randomUUID() } }),
    messageIdFor('pages', page),
    messageIdFor('pages', { ...page, page: 4 }),
  ];
  expect(new Set([id, ...others]).size).toBe(others.length + 1);
  expect(messageIdFor('pages', { ...page, version: 2 })).toBe(messageIdFor('pages', page));
});

it('gives everything else a fresh id', () => {
  expect(messageIdFor('slices', slice)).not.toBe(messageIdFor('slices', slice));
});
