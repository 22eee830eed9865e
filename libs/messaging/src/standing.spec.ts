import { nextLink, type Link } from './link.js';
import { checksOf, isReady, type Standing } from './standing.js';

const since = new Date('2026-11-20T10:00:00Z');
const later = new Date('2026-11-20T10:05:00Z');
const connected: Link = { state: 'connected', since };
const running: Standing = {
  phase: 'running',
  since,
  links: { publish: connected, consume: connected },
  awaited: [],
  watched: ['database'],
  paused: [],
};

it('is ready once it runs', () => {
  expect(isReady(running)).toBe(true);
  expect(isReady({ ...running, phase: 'starting' })).toBe(false);
  expect(checksOf(running)).toEqual({
    service: { status: 'up', facts: { state: 'running', since } },
    broker: { status: 'up', facts: { publish: 'connected', consume: 'connected' } },
    work: { status: 'up', facts: {} },
  });
});

it('is not ready any more from the moment it is told to stop', () => {
  const stopping: Standing = { ...running, phase: 'stopping', since: later };
  expect(isReady(stopping)).toBe(false);
  expect(checksOf(stopping)['service']).toEqual({ status: 'down', facts: { state: 'stopping', since: later } });
});

it('is not ready while one of its connections is away, and says since when and why', () => {
  const consume: Link = { state: 'connecting', since: later, reason: 'connect ECONNREFUSED' };
  const standing: Standing = { ...running, links: { publish: connected, consume } };
  expect(isReady(standing)).toBe(false);
  expect(checksOf(standing)['broker']).toEqual({
    status: 'down',
    facts: {
      publish: 'connected',
      consume: 'connecting',
      waitingFor: { what: 'RabbitMQ', since: later, reason: 'connect ECONNREFUSED' },
    },
  });
});

it('is ready while the broker takes no messages for now: it consumes all the same', () => {
  const publish: Link = { state: 'blocked', since: later, reason: 'low on memory' };
  const standing: Standing = { ...running, links: { publish, consume: connected } };
  expect(isReady(standing)).toBe(true);
  expect(checksOf(standing)['broker']).toMatchObject({
    status: 'degraded',
    facts: { publish: 'blocked', waitingFor: { reason: 'low on memory' } },
  });
});

it('is ready while it waits for the database: it begins again by itself', () => {
  const awaited = [{ what: 'database', since: later, reason: 'the server is starting' }];
  const standing: Standing = { ...running, awaited, paused: ['rows', 'ends'] };
  expect(isReady(standing)).toBe(true);
  expect(checksOf(standing)['work']).toEqual({
    status: 'degraded',
    facts: { paused: ['rows', 'ends'], waitingFor: awaited },
  });
});

describe('a link', () => {
  it('is as old as its state, whatever the reason says meanwhile', () => {
    const first = nextLink(connected, 'connecting', 'refused', later);
    expect(first).toEqual({ state: 'connecting', since: later, reason: 'refused' });
    const second = nextLink(first, 'connecting', 'no route', new Date());
    expect(second).toEqual({ state: 'connecting', since: later, reason: 'no route' });
    expect(nextLink(second, 'connected', undefined, since)).toEqual(connected);
  });
});
