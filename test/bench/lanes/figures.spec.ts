import { compare, phaseOf, type Phase } from './figures.js';

const phase = (p95: number): Phase => ({ slices: 80, p50: 100, p95 });

it('tells the middle, and what nineteen of twenty stay below', () => {
  const times = Array.from({ length: 20 }, (_, index) => 20 - index);
  expect(phaseOf(times)).toEqual({ slices: 20, p50: 10, p95: 19 });
  expect(phaseOf([7])).toEqual({ slices: 1, p50: 7, p95: 7 });
  expect(() => phaseOf([])).toThrow('nothing was measured');
});

it.each([
  ['a second is allowed', 500, 1500, true],
  ['no more than a second where that is more than a quarter', 500, 1501, false],
  ['a quarter is allowed', 8000, 10_000, true],
  ['no more than a quarter where that is more than a second', 8000, 10_001, false],
  ['better is well', 900, 800, true],
])('%s', (_what, alone, beside, met) => {
  expect(compare([{ alone: phase(alone), beside: phase(beside) }])).toMatchObject({ worse: beside - alone, met });
});

it('one disturbed pair does not decide', () => {
  const pairs = [100, 90_000, 200, 300, 50].map((worse) => ({ alone: phase(400), beside: phase(400 + worse) }));
  expect(compare(pairs)).toMatchObject({ alone: phase(400), worse: 200, met: true });
});
