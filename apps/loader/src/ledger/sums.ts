/** Parts of queries and views over the ledger. Standard SQL with quoted names of tables; the reader adds a place. */

/**
 * How each day stands, one row a day that was ever to be read whole: what its last reading that came to its end says;
 * where there is none, how far the day is. `standing` is verified, open, unverified, failed, or missing.
 */
export const DAY_STANDINGS = `
select r.*,
  case when r.state = 'verified' then 'verified' when r.open_slices > 0 then 'open' when r.state = 'failed' then 'failed'
    when r.state = 'cancelled' then 'missing' else 'unverified' end as standing,
  case when r.state = 'unverified' and r.unknown > 0 and r.count_before = r.listed and r.count_after = r.listed
    then 1 else 0 end as only_details
from (
  select s.*,
    row_number() over (partition by s.day order by
      case when s.state in ('verified', 'unverified', 'complete') then 0 when s.state = 'failed' then 1
        when s.state = 'cancelled' then 3 else 2 end,
      s.closed_at desc, s.state desc, s.slice_id) as place,
    sum(case when s.state in ('planned', 'queued') then 1 else 0 end) over (partition by s.day) as open_slices
  from "etl_slices" s
  where s.kind = 'day' and s.filters is null and s.session_limit is null
) r
where r.place = 1`.trim();

/** What the batches of a slice say so far: one row a slice, of the attempt that got furthest. */
export const BATCH_SUMS = `
select f.slice_id, f.loaded, f.rejected, f.gone, f.unknown
from (
  select a.*, row_number() over (partition by a.slice_id order by a.answered desc, a.attempt) as place
  from (
    select i.slice_id, i.attempt, sum(i.answered) as answered, sum(i.loaded) as loaded, sum(i.rejected) as rejected,
      sum(i.gone) as gone, sum(i.unknown) as unknown
    from "etl_inbox" i
    group by i.slice_id, i.attempt
  ) a
) f
where f.place = 1`.trim();
