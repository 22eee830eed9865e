import { parseFilter } from './filters.js';
import { Tenant } from './tenant.js';

const options = { seed: 11, sessions: 600, days: 4, lastDay: '2026-11-20' };
const filter = (text: string) => parseFilter(text, 'minute');
const dayFilter = (day: string) => filter(`date_range,${day},${day}||`);

function everything(tenant: Tenant): string {
  const sessions = [...tenant.indexes()].map((index) => [
    tenant.detail(index),
    tenant.scores(index),
    tenant.summary(index),
    tenant.comments(index),
    tenant.transcripts(index),
  ]);
  return JSON.stringify([tenant.dictionaries, sessions, tenant.counts()]);
}

describe('a tenant', () => {
  it('is the same from the same options, however often and in whatever order it is asked', () => {
    const [one, other] = [new Tenant(options), new Tenant(options)];
    for (const index of [...other.indexes()].toReversed()) other.session(index);
    expect(everything(one)).toBe(everything(other));
    expect(everything(one)).toBe(everything(one));
    expect(everything(new Tenant({ ...options, seed: 12 }))).not.toBe(everything(one));
  });

  it('holds as many sessions as asked for, unevenly over the days, each under an id of its own', () => {
    const tenant = new Tenant(options);
    const counts = tenant.counts();
    expect(Object.keys(counts)).toEqual(['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20']);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(600);
    expect(new Set(Object.values(counts)).size).toBe(4);
    expect(new Set(tenant.ids()).size).toBe(600);
    expect(tenant.ids('2026-11-18')).toHaveLength(counts['2026-11-18'] ?? -1);
  });

  it('makes sessions of real size, with everything that breaks naive programs', () => {
    const tenant = new Tenant({ ...options, sessions: 3000 });
    const sizes = [...tenant.indexes()].map((index) => Buffer.byteLength(JSON.stringify(tenant.session(index))));
    const mean = sizes.reduce((sum, size) => sum + size, 0) / 3000;
    expect(mean).toBeGreaterThan(2000);
    expect(mean).toBeLessThan(4096);
    const text = everything(tenant);
    const oddities = [
      /\\u0000/,
      /\\\\u0000/,
      /\\ud83d[^\\]/,
      /𝒳/,
      /שלום/,
      /e\u0301/,
      /O'Brien/,
      /"0001-01-01T00:00:00"/,
      /"0001-01-01T00:00:00Z"/,
      /T\d\d:\d\d:\d\d\.\d{6}Z"/,
      /"match":\[\]/,
      /"match":null/,
      /"tags":null/,
      /"id":2147483647/,
      /"agent_id":900001/,
      /"constructor"/,
      /"note\\u0000"/,
      /[0-9A-F]{8}-[0-9A-F]{4}-4/,
    ];
    for (const oddity of oddities) expect(text).toMatch(oddity);
  });

  it('has reviews, comments and scores that agree with one another', () => {
    const tenant = new Tenant(options);
    let summaries = 0;
    for (const index of tenant.indexes()) {
      const session = tenant.session(index);
      expect(tenant.comments(index)).toHaveLength(Number(session['comments_count'] ?? 0));
      expect(tenant.scores(index).length > 0).toBe(
        Array.isArray(session['reviewers']) && session['reviewers'].length > 0,
      );
      if (tenant.summary(index).length > 0) summaries += 1;
    }
    expect(summaries / 600).toBeGreaterThan(0.6);
    expect(summaries / 600).toBeLessThan(0.8);
  });

  it('leaves part of the last day unprocessed: without tags, summary and categories', () => {
    const tenant = new Tenant({ ...options, unprocessedShare: 0.5 });
    const young = [...tenant.indexes()].filter((index) => tenant.session(index)['is_processed'] === false);
    expect(young.length).toBeGreaterThan(20);
    for (const index of young) {
      expect(tenant.dayOf(index)).toBe('2026-11-20');
      expect(tenant.session(index)['tags'] ?? []).toEqual([]);
      expect(tenant.summary(index)).toEqual([]);
    }
  });

  it('adds as many sessions and tags that cannot be mapped as asked for', () => {
    const tenant = new Tenant({ ...options, unmappable: 7, unmappableTags: 2 });
    expect(tenant.size).toBe(607);
    const spoilt = [...tenant.indexes()].filter((index) => tenant.isUnmappable(index));
    expect(spoilt).toHaveLength(7);
    for (const index of spoilt) {
      const { duration, start_dt: start, agent_id: agent, tags } = tenant.session(index);
      const wrong = [
        typeof duration === 'object',
        start === 'yesterday at noon',
        typeof agent === 'string',
        tags === 'none',
      ];
      expect(wrong.filter(Boolean)).toHaveLength(1);
    }
    expect(tenant.dictionaries.tags).toHaveLength(122);
  });

  it('takes no memory for sessions nobody changed', () => {
    const tenant = new Tenant({ sessions: 50_000_000, days: 3650 });
    expect(tenant.size).toBe(50_000_000);
    const id = tenant.idOf(31_415_926);
    expect(tenant.indexOf(id)).toBe(31_415_926);
    expect(String(tenant.session(31_415_926)['id']).toLowerCase()).toBe(id);
  });
});

describe('a filter', () => {
  const tenant = new Tenant(options);
  const all = [...tenant.indexes()];

  it('of a day finds what that day lists, oldest first', () => {
    expect(tenant.select(dayFilter('2026-11-18'))).toEqual(all.filter((index) => tenant.dayOf(index) === '2026-11-18'));
    expect(tenant.select(filter('date_range,2026-11-18,2026-11-19||'))).toEqual(
      all.filter((index) => ['2026-11-18', '2026-11-19'].includes(tenant.dayOf(index))),
    );
    expect(tenant.select(filter('date_range,2025-01-01,2025-01-31||'))).toEqual([]);
    expect(tenant.select(filter(''))).toEqual(all);
  });

  it('of a time of day cuts the day; overlapping halves hold it whole', () => {
    const day = tenant.select(dayFilter('2026-11-17'));
    const morning = tenant.select(filter('date_range,2026-11-17,2026-11-17||00:00,12:00'));
    const evening = tenant.select(filter('date_range,2026-11-17,2026-11-17||12:00,23:59'));
    expect(morning.length).toBeGreaterThan(0);
    expect(evening.length).toBeGreaterThan(0);
    expect(morning.length).toBeLessThan(day.length);
    expect(new Set([...morning, ...evening])).toEqual(new Set(day));
    expect(morning.at(-1)).toBe(evening[0]);
  });

  it('of manual scores finds the sessions a person reviewed', () => {
    const manual = tenant.select(filter('is_scored,manual'));
    expect(manual).toEqual(all.filter((index) => tenant.scores(index).some((review) => review['reviewer_id'] !== 0)));
    expect(manual.length).toBeGreaterThan(10);
  });

  it('of categories finds those that hold any of them, or all', () => {
    const categories = (index: number) => (tenant.session(index)['category_ids'] as number[]) ?? [];
    const found = tenant.select(filter('categories,12,13|or'));
    expect(found).toEqual(all.filter((index) => categories(index).some((id) => id === 12 || id === 13)));
    expect(found.length).toBeGreaterThan(10);
    const both = tenant.select(filter('categories,12,13|and'));
    expect(both).toEqual(all.filter((index) => [12, 13].every((id) => categories(index).includes(id))));
  });

  it('of reviewers and of a text finds what holds it', () => {
    expect(tenant.select(filter('reviewers,true'))).toEqual(all.filter((index) => tenant.scores(index).length > 0));
    const found = tenant.select(filter('search_query,DZIEŃ DOBRY'));
    expect(found).toEqual(all.filter((index) => JSON.stringify(tenant.transcripts(index)).includes('dzień dobry')));
    expect(found.length).toBeGreaterThan(10);
  });

  it('joined with others finds what they all find', () => {
    const both = tenant.select(filter('date_range,2026-11-18,2026-11-18||±is_scored,manual'));
    const manual = new Set(tenant.select(filter('is_scored,manual')));
    expect(both).toEqual(tenant.select(dayFilter('2026-11-18')).filter((index) => manual.has(index)));
  });
});
