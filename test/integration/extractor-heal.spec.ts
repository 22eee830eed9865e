import type { Gaps, RunReport } from '#contracts';

import { startEmbedded, type Embedded } from '../../apps/cli/src/embedded.js';
import { addDays, dayAt } from '../../apps/extractor/src/planning/days.js';
import type { RunRequest } from '../../apps/extractor/src/planning/requests.js';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { loaderSettingsOf } from '../support/loader-settings.js';
import { describeDialects } from '../support/suites.js';
import { until } from '../support/until.js';
import { settingsFor } from './extractor-harness.js';

import.meta.jest.setTimeout(180_000);

const TODAY = dayAt(new Date(), 'UTC');
/** Before what every daily run reads again. */
const DAY = addDays(TODAY, -4);
const sync = { kind: 'sync' } as const;
const heal = { kind: 'heal', allowDeletes: false } as const;

const nothing: Gaps = { days: [], unknown: [], unknownTotal: 0, heldDeletes: [] };

describeDialects('healing', (dialect) => {
  let emulator: Emulator;
  let database: FreshDatabase;
  let services: Embedded;

  /** All services over a real ledger, and a tenant of six days that is loaded. */
  async function start(options: EmulatorOptions = {}): Promise<void> {
    emulator = await startEmulator({
      sessions: 240,
      days: 6,
      lastDay: addDays(TODAY, -1),
      unprocessedShare: 0,
      ...options,
    });
    database = await freshDatabase(dialect);
    const extractor = { ...settingsFor(emulator), timezone: 'UTC', startDate: addDays(TODAY, -6) };
    const service = { logLevel: 'silent', shutdownGrace: 10 } as const;
    services = await startEmbedded(
      { extractor, loader: loaderSettingsOf(database.settings), service },
      () => undefined,
    );
  }
  afterEach(async () => {
    await services.close();
    await emulator.close();
    await database.drop();
  });

  async function run(request: RunRequest): Promise<RunReport> {
    const { runId } = await services.opener.openRun(request);
    const report = async () => (await services.publisher.ask({ type: 'run', runId })).run;
    await until('the run is closed', async () => (await report())?.state !== 'open', 60_000);
    return (await report()) as RunReport;
  }

  async function gaps(): Promise<Gaps> {
    return (await services.publisher.ask({ type: 'gaps', today: TODAY })).gaps;
  }

  async function stored(): Promise<number | undefined> {
    return (await services.publisher.ask({ type: 'status' })).status.tables['sessions'];
  }

  const asked = () => emulator.stats().byEndpoint;

  it('a day that lacks sessions is the only one unverified, and is healed; healing what is whole asks ET nothing', async () => {
    await start({ sessions: 600, maxLimit: 40 });
    emulator.faults.set([{ fault: 'missing-item', endpoint: 'sessions', day: DAY }]);
    await run(sync);
    expect(await gaps()).toMatchObject({
      days: [{ day: DAY, state: 'unverified', onlyDetails: false }],
      unknownTotal: 0,
    });
    expect(await stored()).toBeLessThan(600);

    emulator.tenant.apply({ change: 'late', day: DAY, sessions: 2 });
    emulator.faults.clear();
    const [first, second] = await Promise.all([services.opener.openRun(heal), services.opener.openRun(heal)]);
    expect([first.runId === second.runId, first.opened !== second.opened]).toEqual([true, true]);
    const healed = await run(heal);
    expect(healed.state).toBe('done');
    await until('the day is healed', async () => (await gaps()).days.length === 0);
    expect([await gaps(), await stored()]).toEqual([nothing, 602]);

    emulator.resetStats();
    expect(await run(heal)).toMatchObject({ state: 'done', slices: {} });
    expect(asked()).toEqual({});
  });

  it('details that could not be had are all that is asked for again', async () => {
    await start();
    const { tenant, faults } = emulator;
    const commented = (id: string) => Number(tenant.session(tenant.indexOf(id) as number)['comments_count']) > 0;
    const sessionId = tenant.ids(DAY).find(commented) as string;
    faults.set([{ fault: 'status', status: 403, endpoint: 'comments', sessionId }]);
    await run(sync);
    const lacking = { days: [{ day: DAY, onlyDetails: true }], unknown: [{ id: sessionId, document: 'comments' }] };
    expect(await gaps()).toMatchObject(lacking);

    await run(heal);
    expect(await gaps()).toMatchObject({ ...lacking, unknown: [{ tries: 1 }] });
    faults.clear();
    emulator.resetStats();
    expect(await run(heal)).toMatchObject({ state: 'done', slices: { complete: 1 } });
    expect([asked(), await gaps()]).toEqual([{ comments: 1 }, nothing]);
  });

  it('a daily run reads again the settled days of which ET counts another number, and learns what was deleted', async () => {
    await start();
    const { tenant } = emulator;
    await run(sync);
    expect(await gaps()).toEqual(nothing);
    const [moved = '', ...others] = tenant.ids(DAY);
    tenant.apply({ change: 'delete', ids: others.slice(0, 3) });
    tenant.apply({ change: 'move', id: moved, day: addDays(DAY, -1) });

    emulator.resetStats();
    const daily = await run(sync);
    expect(daily).toMatchObject({ state: 'done', gone: 3 });
    const whole = emulator.stats().listings.filter((one) => one.startsWith('sessions') && !one.includes('is_scored'));
    const days = new Set(whole.map((one) => /date_range,([\d-]+)/.exec(one)?.[1]));
    expect([...days].sort()).toEqual([-5, -4, -2, -1].map((ago) => addDays(TODAY, ago)));
    // The one that moved is asked for where its old day is closed before the new one is loaded.
    expect([3, 4]).toContain(asked().session);
    expect(await gaps()).toEqual(nothing);

    emulator.resetStats();
    expect(await run(sync)).toMatchObject({ gone: 0 });
    expect(asked().session).toBeUndefined();
  });
});
