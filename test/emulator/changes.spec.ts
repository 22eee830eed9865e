import type { Change } from './changes.js';
import { parseFilter } from './filters.js';
import { Tenant } from './tenant.js';

const options = { seed: 11, sessions: 600, days: 4, lastDay: '2026-11-20' };
const filter = (text: string) => parseFilter(text, 'minute');
const dayFilter = (day: string) => filter(`date_range,${day},${day}||`);

/** A session for which a condition holds, with its id. */
function find(tenant: Tenant, holds: (index: number) => boolean): { index: number; id: string } {
  const index = [...tenant.indexes()].find(holds);
  if (index === undefined) throw new Error('no such session in this tenant');
  return { index, id: tenant.idOf(index) };
}

describe('a change', () => {
  const apply = (...changes: Change[]) => {
    const tenant = new Tenant(options);
    tenant.apply(...changes);
    return tenant;
  };
  const before = new Tenant(options);

  it('of scores gives a session other manual scores, or its first', () => {
    const scored = find(before, (index) => before.facts(index).manual);
    const unscored = find(before, (index) => before.facts(index).reviewers.length === 0);
    const tenant = apply({ change: 'scores', id: scored.id }, { change: 'scores', id: unscored.id });
    for (const { index } of [scored, unscored]) {
      expect(tenant.scores(index)).not.toEqual(before.scores(index));
      expect(tenant.session(index)['updated_at']).not.toEqual(before.session(index)['updated_at']);
      expect(tenant.select(filter('is_scored,manual'))).toContain(index);
      const automatic = (of: Tenant) => of.scores(index).filter((review) => review['reviewer_id'] === 0);
      expect(automatic(tenant)).toEqual(automatic(before));
      expect(tenant.comments(index)).toEqual(before.comments(index));
      const { reviewers: _r, average_score: _a, score_details: _s, updated_at: _u, ...rest } = tenant.session(index);
      expect(before.session(index)).toMatchObject(rest);
    }
    const again = apply({ change: 'scores', id: scored.id }, { change: 'scores', id: scored.id });
    expect(again.scores(scored.index)).not.toEqual(tenant.scores(scored.index));
  });

  it('drops the tags of a session and touches nothing else of it', () => {
    const { index, id } = find(before, (at) => ((before.session(at)['tags'] as unknown[] | null) ?? []).length > 2);
    const { tags, updated_at: _moved, ...rest } = apply({ change: 'drop-tags', id }).session(index);
    expect(tags ?? []).toEqual([]);
    expect(before.session(index)).toMatchObject(rest);
  });

  it('rewrites a summary, or makes one', () => {
    const none = find(before, (index) => before.summary(index).length === 0);
    const some = find(before, (index) => before.summary(index).length === 1);
    const tenant = apply({ change: 'summary', id: none.id }, { change: 'summary', id: some.id });
    expect(tenant.summary(none.index)).toHaveLength(1);
    const [old] = before.summary(some.index);
    expect(tenant.summary(some.index)[0]).toMatchObject({
      id: old?.['id'],
      text: expect.stringContaining('Редакція 1'),
    });
  });

  it('deletes sessions from listings and lookups', () => {
    const ids = before.ids('2026-11-18').slice(3, 6);
    const tenant = apply({ change: 'delete', ids: ids.map((id) => id.toUpperCase()) });
    expect(tenant.size).toBe(597);
    expect(tenant.ids('2026-11-18')).toEqual(before.ids('2026-11-18').filter((id) => !ids.includes(id)));
    expect(ids.map((id) => tenant.indexOf(id))).toEqual([undefined, undefined, undefined]);
    expect(() => tenant.apply({ change: 'delete', ids })).toThrow(/no session/);
  });

  it('moves a session to another day, and back, and outside of all days', () => {
    const [id = ''] = before.ids('2026-11-18').slice(5);
    const tenant = apply({ change: 'move', id, day: '2026-11-19' });
    expect(tenant.ids('2026-11-18')).not.toContain(id);
    expect(tenant.ids('2026-11-19')).toContain(id);
    expect(tenant.session(tenant.indexOf(id) ?? -1)['start_dt']).toMatch(/^2026-11-1[89]T/);
    tenant.apply({ change: 'move', id, day: '2026-12-24' });
    expect(tenant.select(dayFilter('2026-12-24'))).toEqual([tenant.indexOf(id)]);
    tenant.apply({ change: 'move', id, day: '2026-11-18' });
    expect(tenant.counts()).toEqual(before.counts());
    expect(tenant.ids('2026-11-18')).toEqual(before.ids('2026-11-18'));
  });

  it('adds late sessions among those of a day, in order of time', () => {
    const tenant = apply({ change: 'late', day: '2026-11-17', sessions: 9 });
    const added = tenant.ids('2026-11-17').filter((id) => !before.ids('2026-11-17').includes(id));
    expect(added).toHaveLength(9);
    expect(tenant.size).toBe(609);
    const clock = (index: number) =>
      tenant.select(filter('date_range,2026-11-17,2026-11-17||00:00,11:59')).includes(index);
    const morning = tenant.select(dayFilter('2026-11-17')).map(clock);
    expect(morning.lastIndexOf(true)).toBeLessThan(morning.indexOf(false));
    const id = added[0] ?? '';
    tenant.apply({ change: 'delete', ids: [id] }, { change: 'move', id: added[1] ?? '', day: '2026-11-18' });
    expect(tenant.ids('2026-11-17')).toHaveLength(before.ids('2026-11-17').length + 7);
  });

  it('processes a session that was not', () => {
    const young = { ...options, unprocessedShare: 1 };
    const tenant = new Tenant(young);
    const { index, id } = find(tenant, (at) => tenant.session(at)['is_processed'] === false && at % 2 === 0);
    tenant.apply({ change: 'processed', id });
    expect(tenant.session(index)['is_processed']).not.toBe(false);
  });

  it('renames an agent, changes and removes items of dictionaries', () => {
    const tenant = apply(
      { change: 'rename-agent', id: 101, name: 'Нове ім’я' },
      { change: 'update-item', dictionary: 'categories', id: 12, fields: { updated_at: '2026-11-21T10:00:00' } },
      { change: 'remove-item', dictionary: 'tags', id: 1001 },
    );
    expect(tenant.dictionaries.agents[0]).toEqual({ ...before.dictionaries.agents[0], name: 'Нове ім’я' });
    expect(tenant.dictionaries.categories[1]).toMatchObject({ id: 12, updated_at: '2026-11-21T10:00:00' });
    expect(tenant.dictionaries.tags.map(({ id }) => id)).not.toContain(1001);
    expect(() => tenant.apply({ change: 'remove-item', dictionary: 'tags', id: 1001 })).toThrow(/no 1001 among tags/);
  });
});
