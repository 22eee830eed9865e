import { randomUUID } from 'node:crypto';

import type { Slice } from '#contracts';

import { uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { answer, askAgain, DAY, gapsOf, readDay, sessions, told } from './ledger-days.js';
import { endOf, Ledger, plan } from './ledger-harness.js';

import.meta.jest.setTimeout(120_000);

interface Coverage {
  readonly day: string;
  readonly state: string;
  readonly reason: string | null;
}

describeDialects('the views of the ledger', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);
  const query = <R extends object>(sql: string) => ledger.loader.database.transaction((tx) => tx.query<R>(sql));
  /** Sums come as numbers, decimals or big integers; date-times in the driver's form. */
  const plain = (name: string, value: string | number | null) => {
    if (value === null || name.endsWith('_at')) return value !== null;
    return /^\d+$/.test(String(value)) ? Number(value) : value;
  };
  const numbered = (rows: readonly Record<string, string | number | null>[]) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(name, value)])));
  const coverage = async () => numbered(await query('select * from etl_coverage order by day'));

  it('follow a day from its first batch to its proof', async () => {
    const slices = await ledger.loader.open(
      plan('r', [{ sliceId: 'r:day', lane: 'live', subject: { kind: 'day', day: DAY } }]),
    );
    const [slice] = slices as [Slice];
    const attempt = randomUUID();
    const [first, last] = [
      sessions(1, 3),
      [
        { id: uuidOf(4), missing: ['scores'] as const },
        { id: uuidOf(5), gone: true as const },
      ],
    ];
    await ledger.loader.merge(told(slice, attempt, first));
    const nothing = { et_count: false, rejected: 0, gone: 0, unknown: 0, verified_at: false, reason: false };
    expect(await coverage()).toEqual([{ ...nothing, day: DAY, state: 'open', loaded: 3, last_read_at: false }]);
    await ledger.loader.merge(told(slice, attempt, last));
    await ledger.loader.closer.end(endOf(slice, attempt, 5));
    const read = { day: DAY, et_count: 5, loaded: 4, rejected: 0, gone: 1, last_read_at: true };
    const reason = 'details of 1 could not be had';
    expect(await coverage()).toEqual([{ ...read, state: 'unverified', unknown: 1, verified_at: false, reason }]);
    await askAgain(ledger.loader, 'again', last.slice(0, 1), [{ id: uuidOf(4) }]);
    expect(await coverage()).toEqual([
      { ...read, state: 'verified', unknown: 0, verified_at: true, reason: 'details had later' },
    ]);
  });

  it('say of every day what the gaps say', async () => {
    await readDay(ledger.loader, 'verified', sessions(1, 2), {}, { day: '2026-09-21' });
    await readDay(ledger.loader, 'doubted', sessions(3, 4), { countAfter: 3 }, { day: '2026-09-22' });
    await readDay(ledger.loader, 'early', sessions(5, 6), { dayOver: false }, { day: '2026-09-23' });
    const slices = await ledger.loader.open(
      plan(
        'r',
        ['2026-09-21', '2026-09-24', '2026-09-25', '2026-09-26'].map((day) => ({
          sliceId: `r:${day}`,
          lane: 'live',
          subject: { kind: 'day', day },
        })),
        { startDate: '2026-09-20' },
      ),
    );
    for (const slice of slices) {
      if (slice.sliceId < 'r:2026-09-25') await ledger.loader.closer.fail({ slice, stage: 'raw', reason: 'broken' });
    }
    const { days } = await gapsOf(ledger.loader);
    const gaps = new Map(days.map(({ day, state }) => [day, state]));
    const rows = await query<Coverage>('select day, state, reason from etl_coverage order by day');
    expect(rows.map(({ day, state }) => [day, state])).toEqual([
      ['2026-09-21', 'verified'],
      ['2026-09-22', 'unverified'],
      ['2026-09-23', 'unverified'],
      ['2026-09-24', 'failed'],
      ['2026-09-25', 'open'],
      ['2026-09-26', 'open'],
    ]);
    for (const { day, state } of rows) expect(gaps.get(day) ?? 'verified').toBe(state);
    expect(gaps.get('2026-09-20')).toBe('missing');
  });

  it('show each run as its report does, while it is open and once it is closed', async () => {
    const figures = async () => {
      const { slices, listed, loaded, unknown, rejected, gone, state } = await ledger.loader.run('r');
      const [row] = numbered(await query(`select * from etl_runs_view where run_id = 'r'`));
      const own = { state, ...slices, listed, loaded: loaded + unknown, unknown, rejected, gone };
      expect(row).toMatchObject(own);
      return own;
    };
    const [slice, other] = (await ledger.loader.open(
      plan('r', [
        { sliceId: 'r:1', lane: 'live', subject: { kind: 'day', day: DAY } },
        { sliceId: 'r:2', lane: 'live', subject: { kind: 'day', day: '2026-10-02' } },
      ]),
    )) as [Slice, Slice];
    expect(await figures()).toMatchObject({ state: 'open', queued: 2, loaded: 0 });
    const [attempt, better] = [randomUUID(), randomUUID()];
    await ledger.loader.merge(told(slice, attempt, sessions(1, 2)));
    await ledger.loader.merge(told(slice, better, [...sessions(1, 2), { id: uuidOf(3), missing: ['scores'] }]));
    await ledger.loader.closer.end(endOf(slice, attempt, 4));
    expect(await figures()).toMatchObject({ state: 'open', listed: 4, loaded: 3, unknown: 1 });
    await ledger.loader.closer.end(endOf(slice, better, 3));
    await answer(ledger.loader, other, sessions(7, 9));
    expect(await figures()).toMatchObject({
      state: 'done',
      listed: 6,
      loaded: 6,
      unknown: 1,
      verified: 1,
      unverified: 1,
    });
  });
});
