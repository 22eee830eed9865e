import { RabbitBackend } from '#messaging';

import { Ground } from '../chaos/ground.js';
import { verdict } from '../chaos/verdict.js';
import { Services, services } from '../chaos/ways.js';
import { silent } from '../integration/messaging-harness.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { otherBuild, type Build } from './other-build.js';

import.meta.jest.setTimeout(180_000);

/** What the version before does not know yet. */
const COLUMN = 'silence_percent';
const upgradeOrder = ['loader', 'transformer', 'extractor'] as const;
/** Milliseconds that messages are set aside: less than the minute of a real installation. */
const WAIT_MS = 5_000;

const buildBefore = (): Build =>
  otherBuild('libs/contracts/src/conversation-tables.js', new RegExp(` *column\\('${COLUMN} .*\\n`), '');

/** Everything was loaded, and as ET has it. */
const expectSound = async (ground: Ground): Promise<void> => {
  expect(await verdict(ground, { faults: 0, readAgain: 0, wrong: [] })).toMatchObject({ wrong: [], deadLetters: 0 });
};

describeWith(['rabbitmq', 'postgresql'], 'an upgrade to a version with one more column', () => {
  let before: Build;
  let ground: Ground;
  let running: Services;

  beforeAll(async () => {
    before = buildBefore();
    ground = await Ground.services({ seed: 23, sessions: 3_000, days: 12, latencyMs: 10 });
    running = new Services(ground);
  });
  afterAll(async () => {
    await running.stop();
    await ground.close();
    before.remove();
  });

  const requests = () => ground.emulator.stats().requests;
  const state = () => ground.read((reader) => reader.value('select state from etl_runs'));
  const columns = (): Promise<unknown> =>
    ground.read((reader) =>
      reader.value(
        `select count(*)::int from information_schema.columns where table_name = 'sessions' and column_name = '${COLUMN}'`,
      ),
    );
  const filled = () => ground.read((reader) => reader.value(`select count("${COLUMN}")::int from sessions`));

  it('goes on under load while one service after the other is replaced', async () => {
    await running.start(services, before.folder);
    for (const [index, service] of upgradeOrder.entries()) {
      await until('it is in the middle', () => requests() > (index + 1) * 1_500, 60_000);
      expect(await columns()).toBe(index === 0 ? 0 : 1);
      expect(await state()).toBe('open');
      await running.replace(service);
    }
    await running.finished();
    expect(await state()).toBe('done');
  });

  it('has filled the new column for what was read since, and for everything once that is read again', async () => {
    const some = Number(await filled());
    expect(some).toBeGreaterThan(0);
    await running.order('--force');
    await running.finished();
    expect(Number(await filled())).toBeGreaterThan(some);
    await expectSound(ground);
    expect(running.attemptsUsed()).toEqual([]);
  });
});

describeWith(['rabbitmq', 'postgresql'], 'versions that differ by a column', () => {
  let before: Build;
  let ground: Ground;
  let running: Services;

  beforeAll(async () => {
    before = buildBefore();
    ground = await Ground.services({ seed: 29, sessions: 2_000, days: 8, latencyMs: 25 });
    const url = ground.settings['AMQP_URL'] ?? '';
    const declared = await RabbitBackend.connect({ url, service: 'operator', logger: silent, waitMs: WAIT_MS });
    await declared.close();
    running = new Services(ground, { ...ground.settings, AMQP_DECLARE: 'false' });
  });
  afterAll(async () => {
    await running.stop();
    await ground.close();
    before.remove();
  });

  /** Resolves once so much more was asked of ET. */
  const asked = async (requests: number): Promise<void> => {
    const wanted = ground.emulator.stats().requests + requests;
    await until('it is in the middle', () => ground.emulator.stats().requests >= wanted, 60_000);
  };

  it('wait for the loader where the transformer was upgraded before it', async () => {
    await running.start(services, before.folder);
    await asked(200);
    await running.replace('transformer');
    await until('the loader says so', () => running.said().includes('waiting for a newer reader of rows'), 60_000);
    await running.replace('loader');
    await running.finished();
    await running.order('--force');
    await running.finished();
    await expectSound(ground);
  });

  it('leave the column as it is where one service after the other goes back', async () => {
    await running.order('--force');
    for (const service of upgradeOrder.toReversed()) {
      await asked(200);
      await running.replace(service, before.folder);
    }
    await running.finished();
    await expectSound(ground);
    expect(running.attemptsUsed()).toEqual([]);
  });
});
