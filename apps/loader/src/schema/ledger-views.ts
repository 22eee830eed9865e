import { BATCH_SUMS, DAY_STANDINGS } from '../ledger/sums.js';
import type { View, ViewColumn } from './views.js';

const states = ['planned', 'queued', 'verified', 'complete', 'unverified', 'failed', 'cancelled'] as const;

/** Of a day whose rows may be too many: the listing that ET counted alike held far fewer. */
const HELD = 'ET no longer lists some, and they wait for et-etl heal --allow-deletes';

/** What the ledger tells those who only read: whether the database is complete, and what was done for it. */
export const ledgerViews: readonly View[] = [
  {
    name: 'etl_coverage',
    meaning: 'How complete each day is: one row a day that was ever to be read',
    columns: [
      column('day', 'd.day', 'The day, as YYYY-MM-DD'),
      column('state', 'd.standing', 'verified, open, unverified, failed, or missing where all reading was cancelled'),
      column('et_count', 'd.count_after', "ET's count of the day's conversations when it was last read"),
      column('loaded', 'coalesce(d.loaded + d.unknown, b.loaded + b.unknown, 0)', 'Of these, in the database'),
      column('rejected', 'coalesce(d.rejected, b.rejected, 0)', 'Of these, set aside in etl_rejects'),
      column('gone', 'coalesce(d.gone, b.gone, 0)', 'Of these, no longer in ET when they were asked for'),
      column('unknown', 'coalesce(u.sessions, 0)', 'Conversations that lack details now'),
      column(
        'last_read_at',
        `case when d.state in ('verified', 'complete', 'unverified') then d.closed_at end`,
        'When the last reading came to its end, UTC',
      ),
      column('verified_at', 'd.verified_at', 'When it was proven, UTC'),
      column(
        'reason',
        `coalesce(d.reason, case when h.day is not null then '${HELD}' end)`,
        'Why it is not verified, and what else there is to know',
      ),
    ],
    from: [
      `from (${DAY_STANDINGS}) d`,
      `left join (${BATCH_SUMS}) b on b.slice_id = d.slice_id and d.state in ('planned', 'queued', 'failed')`,
      'left join (select x.day, count(distinct x."key") as sessions from "etl_unknown" x group by x.day) u on u.day = d.day',
      'left join "etl_held_deletes" h on h."day" = d.day',
    ],
  },
  {
    name: 'etl_runs_view',
    meaning: 'What was asked for, and how far it is: one row a run',
    columns: [
      column('run_id', 'r.run_id', 'The run'),
      column('kind', 'r.kind', 'scheduled, sync, range, backfill, test or heal'),
      column('state', 'r.state', 'open, paused, done, failed or cancelled'),
      column('opened_at', 'r.opened_at', 'UTC'),
      column('closed_at', 'r.closed_at', 'UTC'),
      column('slices', 'coalesce(f.slices, 0)', 'Days, dictionaries and handfuls of conversations to be read'),
      ...states.map((state) => column(state, `coalesce(f.${state}, 0)`, `Of these, ${state}`)),
      column('listed', 'coalesce(f.listed, 0)', 'Conversations and items that ET listed'),
      column('loaded', 'coalesce(f.loaded, 0)', 'Of these, in the database'),
      column('rejected', 'coalesce(f.rejected, 0)', 'Of these, set aside in etl_rejects'),
      column('gone', 'coalesce(f.gone, 0)', 'Of these, no longer in ET when they were asked for'),
      column('unknown', 'coalesce(f.unknown, 0)', 'Of those in the database, with details missing'),
    ],
    from: [
      'from "etl_runs" r',
      `left join (
  select s.run_id, count(*) as slices,
    ${states.map((state) => `sum(case when s.state = '${state}' then 1 else 0 end) as ${state}`).join(', ')},
    sum(coalesce(s.listed, e.listed)) as listed, sum(coalesce(s.loaded + s.unknown, b.loaded + b.unknown)) as loaded,
    sum(coalesce(s.rejected, b.rejected)) as rejected, sum(coalesce(s.gone, b.gone)) as gone,
    sum(coalesce(s.unknown, b.unknown)) as unknown
  from "etl_slices" s
  left join (${BATCH_SUMS}) b on b.slice_id = s.slice_id and s.state in ('planned', 'queued', 'failed')
  left join (select x.slice_id, max(x.listed) as listed from "etl_ends" x group by x.slice_id) e
    on e.slice_id = s.slice_id and s.state in ('planned', 'queued', 'failed')
  group by s.run_id
) f on f.run_id = r.run_id`,
      `where r.state <> 'joined'`,
    ],
  },
];

function column(name: string, sql: string, meaning: string): ViewColumn {
  return { name, sql, meaning };
}
