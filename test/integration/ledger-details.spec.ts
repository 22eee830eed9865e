import type { Slice } from '#contracts';

import { unknownGaps } from '../../apps/loader/src/ledger/unknown-details.js';
import { uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { answer, askAgain, DAY, gapsOf, openOne, readDay, sessions, stateIn, type Told } from './ledger-days.js';
import { Ledger, plan } from './ledger-harness.js';

import.meta.jest.setTimeout(120_000);

const [one, two] = [uuidOf(1), uuidOf(2)] as const;
const lacking: Told[] = [
  { id: one, missing: ['comments'] },
  { id: two, missing: ['scores', 'summary'] },
];
const rest = sessions(3, 4);

describeDialects('details that could not be had', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);
  const unknown = async () => {
    const found = (await gapsOf(ledger.loader)).unknown;
    return found.map(({ id, document, tries }) => [id, document, tries]).sort();
  };

  it('are the only gap of a day counted right, are asked for alone, and verify the day once they are had', async () => {
    await readDay(ledger.loader, 'whole', [...lacking, ...rest]);
    expect(await gapsOf(ledger.loader)).toMatchObject({
      days: [{ day: DAY, state: 'unverified', onlyDetails: true, reason: 'details of 2 could not be had' }],
      unknownTotal: 3,
    });
    expect(await stateIn(ledger.loader, 0)).toMatchObject({
      verified: [],
      onlyDetails: [{ day: DAY, count: 4 }],
      dueUnknown: [],
    });
    expect((await stateIn(ledger.loader, 1)).dueUnknown).toEqual([
      {
        day: DAY,
        sessions: [
          { id: one, documents: ['comments'] },
          { id: two, documents: ['scores', 'summary'] },
        ].sort((a, b) => (a.id < b.id ? -1 : 1)),
      },
    ]);

    await askAgain(ledger.loader, 'again', lacking, [{ id: one }, { id: two, missing: ['summary'] }]);
    expect(await unknown()).toEqual([[two, 'summary', 1]]);
    expect((await stateIn(ledger.loader, 2)).dueUnknown).toEqual([]);
    expect((await stateIn(ledger.loader, 3)).dueUnknown).toHaveLength(1);

    await askAgain(ledger.loader, 'once more', [{ id: two, missing: ['summary'] }], [{ id: two }]);
    expect(await gapsOf(ledger.loader)).toEqual({ days: [], unknown: [], unknownTotal: 0, heldDeletes: [] });
    expect(await stateIn(ledger.loader, 0)).toMatchObject({ verified: [{ day: DAY, count: 4 }], onlyDetails: [] });
    expect((await ledger.loader.run('whole')).problems).toEqual([]);
  });

  it('are healed some at a time: first those that were asked for longest ago', async () => {
    await readDay(ledger.loader, 'whole', [...lacking, ...rest]);
    const named = (most: number) => ledger.loader.database.transaction((tx) => unknownGaps(tx, most));
    const {
      unknown: [first],
      unknownTotal,
    } = await named(1);
    expect(unknownTotal).toBe(3);
    const inVain = [{ id: first?.id ?? '', missing: [first?.document ?? 'scores'] }];
    await askAgain(ledger.loader, 'in vain', inVain, inVain);
    const next = (await named(2)).unknown;
    expect(next.map(({ tries }) => tries)).toEqual([0, 0]);
    expect(next.map(({ id }) => id).sort()).toEqual(next.map(({ id }) => id));
  });

  it('are forgotten with a session that is gone, and by the next reading of the day', async () => {
    await readDay(ledger.loader, 'whole', [...lacking, ...rest]);
    await askAgain(ledger.loader, 'again', [{ id: two, missing: ['scores'] }], [{ id: two, gone: true }]);
    expect(await unknown()).toEqual([[one, 'comments', 0]]);
    await readDay(ledger.loader, 'next', [{ id: one }, ...rest]);
    expect((await gapsOf(ledger.loader)).unknownTotal).toBe(0);
  });

  it('of a part of the day are noted, and forgotten, for the sessions of that part alone', async () => {
    const part = { filters: 'is_scored,manual' };
    await readDay(ledger.loader, 'whole', [...lacking, ...rest]);
    await readDay(ledger.loader, 'part', [{ id: two }, { id: uuidOf(3), missing: ['scores'] }], {}, part);
    expect(await unknown()).toEqual(
      [
        [one, 'comments', 0],
        [uuidOf(3), 'scores', 0],
      ].sort(),
    );
    await readDay(ledger.loader, 'parts', [{ id: one }, { id: uuidOf(3) }], {}, part);
    expect((await gapsOf(ledger.loader)).days).toEqual([]);
  });

  it('that move with their session to another day leave a day that is to be read again', async () => {
    await readDay(ledger.loader, 'whole', [...lacking.slice(0, 1), ...rest]);
    await readDay(ledger.loader, 'next day', lacking.slice(0, 1), {}, { day: '2026-10-02' });
    expect(await stateIn(ledger.loader, 0)).toMatchObject({
      verified: [],
      onlyDetails: [{ day: '2026-10-02', count: 1 }],
    });
    expect((await gapsOf(ledger.loader)).days).toMatchObject([
      { day: DAY, onlyDetails: false },
      { day: '2026-10-02', onlyDetails: true },
    ]);
  });

  it('do not make up for a count that disagrees', async () => {
    await readDay(ledger.loader, 'whole', [...lacking, ...rest], { countAfter: 5 });
    await askAgain(ledger.loader, 'again', lacking, [{ id: one }, { id: two }]);
    const reason = 'details of 2 could not be had; ET counted 4 before and 5 after listing 4';
    expect(await gapsOf(ledger.loader)).toMatchObject({
      days: [{ state: 'unverified', onlyDetails: false, reason }],
      unknownTotal: 0,
    });
  });

  it('verify the day when the last two of them are had at one moment', async () => {
    await readDay(ledger.loader, 'whole', [...lacking, ...rest]);
    const asking = (runId: string, { id, missing = [] }: Told) =>
      openOne(ledger.loader, runId, {
        kind: 'sessions',
        day: DAY,
        why: 'unknown',
        sessions: [{ id, documents: [...missing] }],
      });
    const slices: [Slice, string][] = [];
    for (const told of lacking) slices.push([await asking(told.id, told), told.id]);
    const another = dialect === 'sqlite' ? ledger.loader : await ledger.another();
    await Promise.all(
      slices.map(([slice, id], index) =>
        answer(index === 0 ? ledger.loader : another, slice, [{ id }], { countBefore: null, countAfter: null }),
      ),
    );
    expect((await gapsOf(ledger.loader)).days).toEqual([]);
    if (another !== ledger.loader) await another.close();
  });
});

describeDialects('gaps', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);
  const days = async () => (await gapsOf(ledger.loader)).days.map(({ day, state, reason }) => [day, state, reason]);

  it('are all days from the first to keep complete, and others somebody asked for, that are not proven', async () => {
    const startDate = '2026-09-30';
    await ledger.loader.open(plan('start', [], { startDate }));
    const slices = await ledger.loader.open(
      plan(
        'r',
        ['2026-09-28', '2026-09-29', '2026-10-01', '2026-10-02', '2026-10-03'].map((day) => ({
          sliceId: `r:${day}`,
          lane: 'live',
          subject: { kind: 'day', day },
        })),
      ),
    );
    const slice = (day: string) => slices.find(({ sliceId }) => sliceId === `r:${day}`) as Slice;
    await ledger.loader.closer.fail({ slice: slice('2026-09-28'), stage: 'raw', reason: 'broken' });
    await answer(ledger.loader, slice('2026-10-01'), sessions(1, 2));
    await answer(ledger.loader, slice('2026-10-02'), sessions(3, 4), { dayOver: false });
    expect(await days()).toEqual([
      ['2026-09-28', 'failed', 'broken'],
      ['2026-09-29', 'open', 'it is being read'],
      ['2026-09-30', 'missing', 'it was never read'],
      ['2026-10-02', 'unverified', 'the day is not over'],
    ]);
    await ledger.loader.ask({ type: 'control-run', runId: 'r', action: 'cancel' });
    expect((await days()).map(([day]) => day)).toEqual(['2026-09-28', '2026-09-30', '2026-10-02']);
    const { status } = await ledger.loader.ask({ type: 'status', today: '2026-10-03' });
    expect(status).toMatchObject({ unverifiedDays: 2, lastVerifiedDay: '2026-10-01', unknownDetails: 0 });
    expect(status.freshness).not.toBeNull();
  });
});
