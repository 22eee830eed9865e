import type { Transaction } from '../transaction.js';
import { ledgerTime, secondsBefore } from './instants.js';
import type { Pace } from './pace.js';
import { ledgerQueries, Slices, type LedgerRow } from './rows.js';
import { openStates } from './slice-rows.js';

/** Seconds back that tell the pace. */
const PACE_SECONDS = 900;
/** Days that tell how large those are that are not listed yet. */
const NEAREST = 180;

type Sum = number | string | bigint | null;

/** The pace of a run's days since it was opened or resumed, a quarter of an hour at most. */
export async function runPace(tx: Transaction, run: LedgerRow<'etl_runs'>, now: Date): Promise<Pace> {
  const since = [run.opened_at, run.resumed_at, secondsBefore(now, PACE_SECONDS)].reduce<string>(
    (latest, one) => (one !== null && one > latest ? one : latest),
    '',
  );
  const days = { run_id: run.run_id, kind: 'day' };
  const closed = await closedSince(tx, run.run_id, since);
  const listed = await listedOpen(tx, run.run_id);
  const answered = await answeredOpen(tx, run.run_id, since);
  const open = await tx.em.count(Slices, { ...days, state: { $in: [...openStates] } });
  const known = await tx.em.find(
    Slices,
    { ...days, listed: { $ne: null } },
    { orderBy: { day: 'asc' }, limit: NEAREST, fields: ['day', 'listed'] },
  );
  return {
    open,
    unlisted: open - listed.length,
    unanswered: listed.reduce(
      (sum, one) => sum + Math.max(0, Number(one.listed) - (answered.get(one.slice_id)?.ever ?? 0)),
      0,
    ),
    // Days are read from the newest, so what is left is older than what was listed.
    nearest: [...known, ...listed]
      .sort((a, b) => (a.day ?? '').localeCompare(b.day ?? ''))
      .slice(0, NEAREST)
      .map((one) => Number(one.listed)),
    closed: closed.days,
    answered: [...answered.values()].reduce((sum, { lately }) => sum + lately, closed.sessions),
    seconds: (moment(ledgerTime(now)) - moment(since)) / 1000,
  };
}

/** A day that was closed lately was read lately, all but a little of it. */
async function closedSince({ em }: Transaction, runId: string, since: string) {
  const { days, sessions } = await ledgerQueries(em)
    .selectFrom('etl_slices')
    .select(({ fn }) => [fn.countAll<number | string | bigint>().as('days'), fn.sum<Sum>('listed').as('sessions')])
    .where('run_id', '=', runId)
    .where('kind', '=', 'day')
    .where('closed_at', '>=', since)
    .executeTakeFirstOrThrow();
  return { days: Number(days), sessions: Number(sessions ?? 0) };
}

/** Open days of which a listing has come to its end, and the most that any held. */
function listedOpen({ em }: Transaction, runId: string) {
  return ledgerQueries(em)
    .selectFrom('etl_ends as end')
    .innerJoin('etl_slices as slice', 'slice.slice_id', 'end.slice_id')
    .select(({ fn }) => ['slice.slice_id', 'slice.day', fn.max<Sum>('end.listed').as('listed')])
    .where('slice.run_id', '=', runId)
    .where('slice.kind', '=', 'day')
    .where('slice.state', 'in', openStates)
    .groupBy(['slice.slice_id', 'slice.day'])
    .execute();
}

/** Of each open day what the attempt that got furthest answered for: ever, and lately. */
async function answeredOpen({ em }: Transaction, runId: string, since: string) {
  const attempts = await ledgerQueries(em)
    .selectFrom('etl_inbox as batch')
    .innerJoin('etl_slices as slice', 'slice.slice_id', 'batch.slice_id')
    .select(({ fn, eb }) => [
      'batch.slice_id',
      fn.sum<Sum>('batch.answered').as('ever'),
      fn.sum<Sum>(eb.case().when('batch.loaded_at', '>=', since).then(eb.ref('batch.answered')).end()).as('lately'),
    ])
    .where('slice.run_id', '=', runId)
    .where('slice.kind', '=', 'day')
    .where('slice.state', 'in', openStates)
    .groupBy(['batch.slice_id', 'batch.attempt'])
    .execute();
  const furthest = new Map<string, { ever: number; lately: number }>();
  for (const { slice_id, ever, lately } of attempts) {
    if (Number(ever) > (furthest.get(slice_id)?.ever ?? 0)) {
      furthest.set(slice_id, { ever: Number(ever), lately: Number(lately ?? 0) });
    }
  }
  return furthest;
}

function moment(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}Z`);
}
