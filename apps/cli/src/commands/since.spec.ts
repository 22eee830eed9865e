import { since } from './since.js';

const now = new Date('2026-11-20T12:00:00Z');

it.each([
  ['90m', '2026-11-20T10:30:00.000Z'],
  ['12h', '2026-11-20T00:00:00.000Z'],
  ['3d', '2026-11-17T12:00:00.000Z'],
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T08:00', '2026-11-01T08:00:00.000Z'],
  ['2026-11-01T08:00:00+02:00', '2026-11-01T06:00:00.000Z'],
])('%s is a moment', (text, instant) => {
  expect(since(text, now)).toBe(instant);
});

it.each(['yesterday', '3w', '2026-13-01', '', '5'])('%j is none', (text) => {
  expect(() => since(text, now)).toThrow();
});
