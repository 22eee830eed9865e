import type { DeadLetter } from '#messaging';

import { letterLines, lettersLines } from './dead-letters.js';

const letter: DeadLetter = {
  id: 'abcdef123456',
  stage: 'raw',
  lane: 'live',
  queue: 'etl.raw.live.v1',
  service: 'transformer',
  messageId: 'm',
  attempt: 6,
  reason: 'the work failed',
  errorClass: 'TypeError',
  runId: 'r',
  sliceId: 'r:2026-11-20',
  firstFailedAt: '2026-11-20T09:00:00.000Z',
  deadAt: '2026-11-20T10:00:00.000Z',
  redriven: 0,
  bytes: 2048,
};
const value = { identity: { attempt: 'a' }, content: { sessions: [{ client_name: 'Olena' }] } };

it('lists them with when, how large and why, no wider than the terminal', () => {
  const lines = lettersLines([letter], 70);
  expect(lines[2]).toMatch(/^abcdef123456 {2}etl\.raw\.live\.v1 {2}2026-11-20 10:00:00 +6 {2}2\.0 KiB /);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(70);
  expect(lines.at(-1)).toBe('1 dead letter.');
  expect(lettersLines([], 70)).toEqual(['There are no dead letters.']);
});

it('does not let a stranger write lines of its own, or steer the terminal', () => {
  const [, , row, ...others] = lettersLines([{ ...letter, reason: 'x\n\u001b[2Jforged' }], Infinity);
  expect(row).toMatch(/ x \\u001b\[2Jforged$/);
  expect(others).toEqual(['', '1 dead letter.']);
});

it('shows what a body is made of, and its values only where they are asked for', () => {
  const shown = { letter, headers: { 'x-error': 'the work failed' }, content: { value } };
  const told = letterLines(shown, false).join('\n');
  expect(told).toContain('sessions: list of 1');
  expect(told).toContain('x-error: "the work failed"');
  expect(told).not.toContain('Olena');
  expect(letterLines(shown, true).join('\n')).toContain('Olena');
});

it('shows orders and figures whole, but not what only came to their queue', () => {
  const command = { ...letter, stage: 'commands', lane: null } as const;
  const show = (body: unknown) =>
    letterLines({ letter: command, headers: {}, content: { value: body } }, false).join('\n');
  expect(show({ type: 'sync', runId: 'my-run' })).toContain('my-run');
  expect(show({ type: 'launch', name: 'Olena' })).not.toContain('Olena');
});

it('says why a body cannot be read', () => {
  const content = { value: undefined, problem: 'the body is not JSON' };
  expect(letterLines({ letter, headers: {}, content }, true).at(-1)).toBe(
    'The body cannot be read: the body is not JSON.',
  );
});
