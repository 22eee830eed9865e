import { CommanderError } from 'commander';

import { carryOut, type Actions } from './program.js';

/** Tells which command was understood, and with what. */
async function understood(...args: string[]): Promise<unknown[]> {
  const heard: unknown[] = [];
  const hear =
    (name: string) =>
    (...given: unknown[]) => {
      heard.push(name, given[0]);
      return Promise.resolve(0);
    };
  const hearWith =
    (name: string) =>
    (...given: unknown[]) => {
      heard.push(name, given[0], given[1]);
      return Promise.resolve(0);
    };
  const actions: Actions = {
    run: hear('run'),
    backfill: hear('backfill'),
    sync: hear('sync'),
    heal: hear('heal'),
    control: (runId, action) => hear(action)(runId),
    status: hear('status'),
    gaps: hear('gaps'),
    planSchema: hear('schema plan'),
    applySchema: hear('schema apply'),
    dlq: { ls: hear('dlq ls'), show: hearWith('dlq show'), redrive: hear('dlq redrive'), discard: hear('dlq discard') },
    rejects: { ls: hear('rejects ls'), show: hearWith('rejects show'), replay: hearWith('rejects replay') },
    topology: { apply: hear('topology apply'), users: hear('topology users') },
    start: hear('start'),
  };
  await carryOut(args, actions);
  return heard;
}

it.each([
  [['run'], ['run', {}]],
  [
    ['run', '--start-dt', '2026-03-01', '--stop-dt=2026-03-02'],
    ['run', { startDt: '2026-03-01', stopDt: '2026-03-02' }],
  ],
  [
    ['run', '--test-mode', '--test-mode-limit-sessions', '7'],
    ['run', { testMode: true, testModeLimitSessions: 7 }],
  ],
  [
    ['run', '--filters', 'is_scored%2Cmanual'],
    ['run', { filters: 'is_scored%2Cmanual' }],
  ],
  [
    ['backfill', '--from', '2024-02-29', '--to', '2024-03-01', '--force'],
    ['backfill', { from: '2024-02-29', to: '2024-03-01', force: true }],
  ],
  [
    ['topology', 'apply', '--users', '/run/secrets'],
    ['topology apply', { users: '/run/secrets' }],
  ],
  [
    ['sync', '--wait'],
    ['sync', { wait: true }],
  ],
  [
    ['heal', '--allow-deletes', '--wait'],
    ['heal', { allowDeletes: true, wait: true }],
  ],
  [
    ['cancel', 'a-run'],
    ['cancel', 'a-run'],
  ],
  [
    ['pause', 'a-run'],
    ['pause', 'a-run'],
  ],
  [
    ['resume', 'a-run'],
    ['resume', 'a-run'],
  ],
  [
    ['gaps', '--json'],
    ['gaps', { json: true }],
  ],
  [
    ['status', '--watch'],
    ['status', { watch: true }],
  ],
  [
    ['schema', 'plan', '--dialect', 'postgresql'],
    ['schema plan', { dialect: 'postgresql' }],
  ],
  [
    ['schema', 'apply'],
    ['schema apply', {}],
  ],
  [
    ['dlq', 'ls', '--queue', 'raw', '--reason', 'refused', '--since', '2026-11-01', '--json'],
    ['dlq ls', { queue: 'raw', reason: 'refused', since: '2026-11-01T00:00:00.000Z', json: true }],
  ],
  [
    ['dlq', 'show', 'ab12', '--body'],
    ['dlq show', 'ab12', { body: true }],
  ],
  [
    ['dlq', 'redrive', '--id', 'ab12', 'cd34', '--dry-run'],
    ['dlq redrive', { id: ['ab12', 'cd34'], dryRun: true }],
  ],
  [
    ['dlq', 'discard', '--all'],
    ['dlq discard', { all: true }],
  ],
  [
    ['rejects', 'ls', '--run', 'a-run'],
    ['rejects ls', { run: 'a-run' }],
  ],
  [
    ['rejects', 'show', 'ab12', '--json'],
    ['rejects show', 'ab12', { json: true }],
  ],
  [
    ['rejects', 'replay', 'ab12', 'cd34'],
    ['rejects replay', ['ab12', 'cd34'], {}],
  ],
  [
    ['rejects', 'replay', '--all'],
    ['rejects replay', [], { all: true }],
  ],
  [
    ['status', '--json'],
    ['status', { json: true }],
  ],
])('%j is understood', async (args, heard) => {
  expect(await understood(...args)).toEqual(heard);
});

describe('what cannot be understood is refused', () => {
  const write = process.stderr.write.bind(process.stderr);
  beforeAll(() => {
    process.stderr.write = () => true;
  });
  afterAll(() => {
    process.stderr.write = write;
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['run', '--nonsense']],
    [['run', 'nonsense']],
    [['run', '--start-dt', '2026-02-31']],
    [['run', '--start-dt', '2025-02-29']],
    [['run', '--stop-dt', 'tomorrow']],
    [['run', '--test-mode', '--test-mode-limit-sessions', '0']],
    [['backfill', '--from', '2026-03-01']],
    [['cancel']],
    [['schema']],
    [['schema', 'plan', '--dialect', 'oracle']],
    [['dlq']],
    [['dlq', 'ls', '--since', 'yesterday']],
    [['dlq', 'show']],
    [['rejects', 'frobnicate']],
  ])('%j', async (args) => {
    await expect(understood(...args)).rejects.toThrow(CommanderError);
  });
});

it('gives the exit code of what was done', async () => {
  const actions = { status: () => Promise.resolve(3), dlq: {}, rejects: {}, topology: {} } as unknown as Actions;
  expect(await carryOut(['status'], actions)).toBe(3);
});
