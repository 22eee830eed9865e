import type { Dictionary } from '#contracts';

/** A number of sessions that begin in one hour, or one minute, of a day. */
export interface Crowd {
  /** `YYYY-MM-DD`, within the tenant's days. */
  readonly day: string;
  readonly hour: number;
  readonly minute?: number;
  readonly sessions: number;
}

/** What makes a tenant: equal options make equal tenants. */
export interface TenantOptions {
  readonly seed: number;
  /** Sessions that can be mapped, those of `crowds` included. */
  readonly sessions: number;
  readonly days: number;
  /** `YYYY-MM-DD` */
  readonly lastDay: string;
  readonly crowds: readonly Crowd[];
  /** Sessions, on top of `sessions`, that hold values of a wrong type. */
  readonly unmappable: number;
  /** Tags, on top of `sizes.tags`, that hold values of a wrong type. */
  readonly unmappableTags: number;
  /** Share of the last day's sessions that ET has not processed yet. */
  readonly unprocessedShare: number;
  /** Sessions are listed by local day; `start_dt` is told this many hours earlier. */
  readonly utcOffsetHours: number;
  readonly listsUserZero: boolean;
  readonly sizes: Readonly<Record<Dictionary, number>>;
}

export type TenantInput = Partial<Omit<TenantOptions, 'sizes'>> & { sizes?: Partial<Record<Dictionary, number>> };

const defaults: TenantOptions = {
  seed: 1,
  sessions: 200,
  days: 5,
  lastDay: '2026-11-20',
  crowds: [],
  unmappable: 0,
  unmappableTags: 0,
  unprocessedShare: 0.05,
  utcOffsetHours: 2,
  listsUserZero: false,
  sizes: { scorecards: 3, groups: 8, agents: 60, users: 25, categories: 30, labels: 12, tags: 120 },
};

export function tenantOptions(input: TenantInput): TenantOptions {
  return { ...defaults, ...input, sizes: { ...defaults.sizes, ...input.sizes } };
}
