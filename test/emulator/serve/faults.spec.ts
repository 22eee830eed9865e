import { Faults } from './faults.js';

const urls = Array.from({ length: 500 }, (_, index) => `/api/v1/sessions/${index}/summary`);

function befallen(faults: Faults, asked: readonly string[]): string[] {
  return asked.filter((url) => faults.befall('summary', url).length > 0);
}

it('repeats itself from the seed, in whatever order requests come', () => {
  const [one, other, seeded] = [new Faults(1), new Faults(1), new Faults(2)];
  for (const faults of [one, other, seeded]) faults.set([{ fault: 'reset', probability: 0.2 }]);
  const first = befallen(one, urls);
  expect(first.length).toBeGreaterThan(50);
  expect(first.length).toBeLessThan(150);
  expect(new Set(befallen(other, urls.toReversed()))).toEqual(new Set(first));
  expect(befallen(seeded, urls)).not.toEqual(first);
});

it('throws the dice again when the same address is asked again', () => {
  const faults = new Faults(1);
  faults.set([{ fault: 'reset', probability: 0.5 }]);
  expect(befallen(faults, urls)).not.toEqual(befallen(faults, urls));
});

it('spares the first, and ends after its count', () => {
  const faults = new Faults(1);
  faults.set([{ fault: 'status', after: 3, count: 2 }]);
  expect(befallen(faults, urls)).toEqual(urls.slice(3, 5));
});

it('concerns only the endpoints and the session it names, and the login only when told', () => {
  const faults = new Faults(1);
  faults.set([{ fault: 'status', endpoint: ['scores', 'comments'], sessionId: 'ABC' }]);
  expect(faults.befall('scores', '/', 'abc')).toHaveLength(1);
  expect(faults.befall('summary', '/', 'abc')).toHaveLength(0);
  expect(faults.befall('scores', '/', 'other')).toHaveLength(0);
  faults.set([{ fault: 'status' }]);
  expect(faults.befall('login', '/')).toHaveLength(0);
  faults.set([{ fault: 'status', endpoint: 'login' }]);
  expect(faults.befall('login', '/')).toHaveLength(1);
});

it('concerns only the listings of the day it names', () => {
  const faults = new Faults(1);
  faults.set([{ fault: 'empty-page', day: '2026-11-20' }]);
  const listing = (day: string) => `/api/v1/sessions?filters=${encodeURIComponent(`date_range,${day},${day}||`)}`;
  expect(faults.befall('sessions', listing('2026-11-20'))).toHaveLength(1);
  expect(faults.befall('sessions', listing('2026-11-21'))).toHaveLength(0);
  expect(faults.befall('tags', '/api/v1/tags')).toHaveLength(0);
});

it('lets faults of content come together, and one of the whole answer last', () => {
  const faults = new Faults(1);
  faults.set([{ fault: 'inserted' }, { fault: 'missing-item' }, { fault: 'slow' }, { fault: 'reset' }]);
  expect(faults.befall('sessions', '/').map(({ fault }) => fault)).toEqual(['inserted', 'missing-item', 'slow']);
  expect(faults.befall('count', '/').map(({ fault }) => fault)).toEqual(['slow']);
  faults.clear();
  expect(faults.befall('sessions', '/')).toEqual([]);
});

it('refuses a rule that makes no sense', () => {
  const rule = { fault: 'status', probability: 2 } as const;
  expect(() => new Faults(1).set([rule])).toThrow();
});
