import fc from 'fast-check';

import { EtClock } from './clock.js';

const httpDate = (ms: number) => new Date(ms).toUTCString();

test('versions rise strictly, whatever the local clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1e12, max: 2e12 }), { minLength: 2 }), (moments) => {
      let next = 0;
      const clock = new EtClock(() => moments[next++ % moments.length] ?? 0);
      const versions = moments.map(() => clock.send().version);
      expect(versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0))).toBe(true);
    }),
  );
});

test("a clock within the header's resolution and the round trip is left alone", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e12, max: 2e12 }), fc.nat(5000), fc.nat(5000), (sentAt, there, back) => {
      let now = sentAt;
      const clock = new EtClock(() => now);
      const sent = clock.send();
      now = sentAt + there + back;
      clock.learn(sent, httpDate(sentAt + there));
      expect(clock.send().offsetMs).toBe(0);
    }),
  );
});

test('two replicas with any offset agree to within a second and the round trip after one answer each', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1e12, max: 2e12 }),
      fc.integer({ min: -7_200_000, max: 7_200_000 }),
      fc.nat(500),
      (etNow, wrongBy, trip) => {
        let now = etNow + wrongBy;
        const clock = new EtClock(() => now);
        const sent = clock.send();
        now += trip;
        clock.learn(sent, httpDate(etNow + trip / 2));
        const { atMs, offsetMs } = clock.send();
        expect(Math.abs(atMs + offsetMs - (etNow + trip))).toBeLessThanOrEqual(1000 + trip);
      },
    ),
  );
});

test('a header more than a day off, or none, is not believed', () => {
  const clock = new EtClock(() => 1.7e12);
  const sent = clock.send();
  expect([clock.learn(sent, httpDate(3e12)), clock.learn(sent, undefined), clock.learn(sent, 'soon')]).toEqual([
    false,
    false,
    false,
  ]);
  expect(clock.send().offsetMs).toBe(0);
});
