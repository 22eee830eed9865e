import { DAY, dayAgo, DAYS, Operator } from './completeness-tenant.js';

import.meta.jest.setTimeout(120_000);

/** What `et-etl` asks to learn whether ET can be reached, before anything else. */
const PREFLIGHT = { users: 1 };

let template: Operator;
let operator: Operator;
beforeAll(async () => {
  template = await Operator.start();
  expect(await template.cli('sync')).toMatchObject({ code: 0 });
});
afterEach(() => operator.end());
afterAll(() => template.end());

/** An operator whose thirty days are loaded and verified; gives the ten sessions of `DAY`. */
async function loaded(): Promise<string[]> {
  operator = await Operator.start(template);
  return operator.emulator.tenant.ids(DAY);
}

function askedBesideLogin() {
  const { login: _login, ...asked } = operator.emulator.stats().byEndpoint;
  return asked;
}

/** Everything is there, and everybody who asks is told so. */
async function expectComplete(): Promise<void> {
  expect(await operator.flaws()).toEqual([]);
  expect(operator.unverified()).toEqual([]);
  const stdout = 'Every day up to yesterday is verified, and no detail is missing.\n';
  expect(await operator.cli('gaps')).toEqual({ code: 0, stdout, stderr: '' });
}

describe('what a listing lacks', () => {
  it('three sessions missing from a page, then two more that come late: that day alone is unverified, and healed', async () => {
    operator = await Operator.start();
    const { tenant, faults } = operator.emulator;
    faults.set([{ fault: 'missing-item', items: 3, endpoint: 'sessions', day: DAY }]);
    const ended = await operator.cli('sync');
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain(
      `1 day or dictionary not verified:\n  ${DAY}  unverified: ET counted 10 before and 10 after listing 7`,
    );
    expect(operator.unverified()).toEqual([DAY]);
    expect(operator.coverage(DAY)).toMatchObject({ state: 'unverified', et_count: 10, loaded: 7 });

    faults.clear();
    tenant.apply({ change: 'late', day: DAY, sessions: 2 });
    const gaps = await operator.cli('gaps');
    expect(gaps).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(new RegExp(`^1 day not verified:\n[^]*^${DAY} +unverified .*listing 7$`, 'm')),
    });
    expect((await operator.cli('heal')).code).toBe(0);
    expect(operator.asked().listed).toEqual([DAY]);
    expect(operator.coverage(DAY)).toMatchObject({ state: 'verified', et_count: 12, loaded: 12, reason: null });
    await expectComplete();
  });

  it('nothing more is asked of ET by a heal where all is whole', async () => {
    await loaded();
    const { code, stdout } = await operator.cli('heal');
    expect([code, stdout]).toEqual([0, expect.stringContaining('There was nothing to be read.')]);
    expect(askedBesideLogin()).toEqual(PREFLIGHT);
  });

  it('an empty page for a day that has sessions deletes nothing, and is told', async () => {
    await loaded();
    const { faults } = operator.emulator;
    faults.set([{ fault: 'empty-page', endpoint: 'sessions', day: dayAgo(2) }]);
    const before = await operator.flaws();
    expect((await operator.cli('sync')).code).toBe(3);
    const reason = /ET counted \d+ before and \d+ after listing 0/;
    expect((await operator.cli('status')).stdout).toMatch(reason);
    expect(await operator.cli('gaps')).toMatchObject({ code: 1, stdout: expect.stringMatching(reason) });
    expect(operator.unverified()).toEqual([dayAgo(2)]);
    expect([before, await operator.flaws(), operator.marked()]).toEqual([[], [], []]);
  });

  it('nor does an ET that forgets a whole day, count and all; too many to ask after wait for somebody', async () => {
    await loaded();
    const { tenant, faults } = operator.emulator;
    faults.set([dayAgo(1), dayAgo(2)].map((day) => ({ fault: 'empty-page', endpoint: ['sessions', 'count'], day })));
    await operator.cli('sync');
    expect(operator.emulator.stats().byEndpoint.session).toBe(tenant.ids(dayAgo(1)).length);
    expect(operator.marked()).toEqual([]);
    const held = tenant.ids(dayAgo(2)).length;
    const told = `ET no longer lists ${held} of ${held} conversations`;
    expect(await operator.cli('gaps')).toMatchObject({ code: 1, stdout: expect.stringContaining(told) });
    expect(operator.coverage(dayAgo(2))?.reason).toContain('they wait for et-etl heal --allow-deletes');
    expect((await operator.cli('status')).stdout).toContain(`${held} conversations perhaps deleted in ET`);
    faults.clear();
    expect((await operator.cli('sync')).code).toBe(0);
    await expectComplete();
  });
});

describe('what was deleted or moved', () => {
  it('three true deletions in a day of ten make three tombstones, and the other days are not asked', async () => {
    const ids = await loaded();
    const gone = ids.slice(2, 5);
    operator.emulator.tenant.apply({ change: 'delete', ids: gone });
    const ended = await operator.cli('sync');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('3 gone from ET');
    expect(operator.marked()).toEqual([...gone].sort());
    expect(operator.coverage(DAY)).toMatchObject({ state: 'verified', et_count: 7, loaded: 7 });
    expect(operator.unverified()).toEqual([]);
    expect(operator.emulator.stats().byEndpoint.session).toBe(3);
  });

  it('a session that moved to the next day is there once and unmarked, whichever day is read', async () => {
    const [id = ''] = await loaded();
    operator.emulator.tenant.apply({ change: 'move', id, day: dayAgo(4) });
    expect((await operator.cli('sync')).code).toBe(0);
    expect(operator.asked().listed).toEqual([DAY, dayAgo(4), dayAgo(2), dayAgo(1)].sort());
    expect(operator.rows(`select id, _etl_deleted_at from sessions where id = '${id}'`)).toEqual([
      { id, _etl_deleted_at: null },
    ]);
    expect(operator.rows(`select listed_day from etl_versions where key = '${id}'`)).toEqual([
      { listed_day: dayAgo(4) },
    ]);
    await expectComplete();
  });
});

describe('details', () => {
  it('of one session that fail leave what was there, and are all that is asked for when ET answers again', async () => {
    const ids = await loaded();
    const { tenant, faults } = operator.emulator;
    const sessionId = ids.find((id) => tenant.comments(tenant.indexOf(id) as number).length > 0) as string;
    faults.set([{ fault: 'status', status: 503, retryAfter: 0, endpoint: 'comments', sessionId }]);
    expect((await operator.cli('run', '--start-dt', DAY, '--stop-dt', DAY)).code).toBe(3);
    expect(await operator.flaws()).toEqual([]);
    expect(operator.coverage(DAY)).toMatchObject({
      state: 'unverified',
      unknown: 1,
      reason: 'details of 1 could not be had',
    });
    expect(operator.unverified()).toEqual([DAY]);
    const gaps = await operator.cli('gaps');
    expect(gaps.code).toBe(1);
    expect(gaps.stdout).toMatch(new RegExp(`^${sessionId} +${DAY} +comments .*503`, 'm'));

    faults.clear();
    expect((await operator.cli('heal')).code).toBe(0);
    expect(askedBesideLogin()).toEqual({ ...PREFLIGHT, comments: 1 });
    await expectComplete();
  });

  it('that appear later come with the daily run: a summary a day later, manual scores three weeks later', async () => {
    await loaded();
    const { tenant } = operator.emulator;
    const without = (day: string, has: (index: number) => boolean) =>
      tenant.ids(day).find((id) => !has(tenant.indexOf(id) as number)) ?? '';
    const summarised = without(dayAgo(2), (index) => tenant.summary(index).length > 0);
    const scored = without(dayAgo(21), (index) => tenant.facts(index).manual);
    tenant.apply({ change: 'summary', id: summarised }, { change: 'scores', id: scored });
    expect((await operator.flaws()).length).toBeGreaterThan(2);
    expect((await operator.cli('sync')).code).toBe(0);
    expect(operator.asked().listed).toEqual([dayAgo(2), dayAgo(1)]);
    await expectComplete();
  });
});

describe('days that are verified', () => {
  it('are counted by the daily run, thirty of them, and only what differs is read', async () => {
    await loaded();
    operator.emulator.tenant.apply({ change: 'late', day: dayAgo(DAYS), sessions: 1 });
    expect((await operator.cli('sync')).code).toBe(0);
    const all = Array.from({ length: DAYS }, (_, ago) => dayAgo(DAYS - ago));
    expect(operator.asked()).toEqual({ listed: [dayAgo(DAYS), dayAgo(2), dayAgo(1)], counted: all });
    await expectComplete();
  });

  it('are read by no backfill without --force', async () => {
    await loaded();
    const backfill = ['backfill', '--from', dayAgo(8), '--to', dayAgo(3)];
    expect((await operator.cli(...backfill)).code).toBe(0);
    expect(operator.asked().listed).toEqual([]);
    expect((await operator.cli(...backfill, '--force')).code).toBe(0);
    expect(operator.asked().listed).toEqual([8, 7, 6, 5, 4, 3].map(dayAgo));
    await expectComplete();
  });
});
