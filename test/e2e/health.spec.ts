import { readFileSync } from 'node:fs';

import { MessagePublisher, RabbitBackend, type Backend } from '#messaging';

import { silent } from '../integration/messaging-harness.js';
import { Cut } from '../support/cut.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { freePort } from '../support/servers/processes.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { askOwn, hear, standing } from './health.js';
import { startApp, type Settings, type Started } from './processes.js';

import.meta.jest.setTimeout(60_000);

let vhost: FreshVhost;
let way: Cut;
let port: number;
let settings: Settings;
let app: Started;

beforeEach(async () => {
  vhost = await freshVhost();
  way = new Cut(new URL(vhost.url));
  await way.mend();
  port = await freePort();
  settings = {
    ET_URL: 'http://127.0.0.1:9',
    ET_TOKEN: 'hush',
    SYNC_CRON: 'off',
    SHUTDOWN_GRACE: '8',
    AMQP_URL: way.url,
    HTTP_PORT: String(port),
  };
});
afterEach(async () => {
  await app.stop();
  await way.cut();
  await vhost.drop();
});

const operator = async (work: (publisher: MessagePublisher, backend: Backend) => Promise<unknown>): Promise<void> => {
  const backend = await RabbitBackend.connect({ url: vhost.url, service: 'operator', logger: silent });
  await work(new MessagePublisher(backend), backend);
  await backend.close();
};
const metric = async (line: string): Promise<boolean> => (await hear(port, '/metrics')).text.includes(`\n${line}\n`);

describeWith('rabbitmq', 'health of a service', () => {
  it('is told before the broker is there, and of every connection that is lost', async () => {
    await way.cut();
    app = startApp('extractor', [], settings);
    const before = await standing(port, 503, ({ details }) => JSON.stringify(details).includes('ECONNREFUSED'));
    expect(before.details).toMatchObject({
      service: { status: 'down', state: 'starting' },
      broker: {
        status: 'down',
        waitingFor: { what: 'RabbitMQ', reason: expect.any(String), since: expect.any(String) },
      },
    });
    expect((await hear(port, '/healthz')).status).toBe(200);
    expect(await metric('etl_ready 0')).toBe(true);

    await way.mend();
    await standing(port, 200);
    expect([await askOwn(port), await askOwn(port, '/healthz')]).toEqual([0, 0]);

    await way.cut();
    const lost = await standing(port, 503);
    expect(lost.details).toMatchObject({ service: { status: 'up', state: 'running' }, broker: { status: 'down' } });
    expect((await hear(port, '/healthz')).status).toBe(200);
    expect([await askOwn(port), await askOwn(port, '/healthz')]).toEqual([1, 0]);

    await way.mend();
    await standing(port, 200);
    const { password } = new URL(vhost.url);
    for (const what of ['/readyz', '/metrics'] as const) expect((await hear(port, what)).text).not.toContain(password);
  });

  it('says that it stops from the signal to the end, and counts what it did', async () => {
    app = startApp('extractor', [], settings);
    await standing(port, 200);
    await operator(async (publisher, backend) => {
      const nonsense = { messageId: 'x', body: Buffer.from('{'), contentEncoding: undefined, correlationId: undefined };
      const to = { stage: 'commands', lane: null } as const;
      await backend.publish(to, 'work', { ...nonsense, attempt: 0, headers: {} }, AbortSignal.timeout(5_000));
      // Nobody loads, so this one asks in vain for a minute.
      await publisher.publish('commands', null, { type: 'sync' });
    });
    await until('both were taken', () => metric('etl_messages_delivered_total{stage="commands"} 2'));
    await until('one is dead', () => metric('etl_messages_settled_total{stage="commands",outcome="dead"} 1'));
    expect(await metric('etl_messages_in_hand{stage="commands"} 1')).toBe(true);

    app.child.kill('SIGTERM');
    const stopping = await standing(port, 503);
    expect(stopping.details).toMatchObject({ service: { status: 'down', state: 'stopping' } });
    expect((await hear(port, '/healthz')).status).toBe(200);
    expect((await app.ended).code).toBe(0);
  });

  it('is told at a port that nobody else has: else the service ends and says which setting', async () => {
    app = startApp('extractor', [], settings);
    await until('the first listens', async () => (await hear(port, '/healthz')).status === 200);
    const { code, stderr, stdout } = await startApp('extractor', [], settings).ended;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use; set another HTTP_PORT, or 0 for none`);
  });
});

describeWith(['rabbitmq', 'postgresql'], 'health of the loader', () => {
  let database: FreshDatabase;
  let there: Cut;
  beforeEach(async () => {
    database = await freshDatabase('postgresql');
    there = new Cut(new URL(database.url));
    await there.mend();
    settings = { ...settings, DATABASE_URL: there.url, DATABASE_TLS: 'off' };
  });
  afterEach(async () => {
    await app.stop();
    await there.cut();
    await database.drop();
  });

  it('is not ready before it has seen the database, and ready while it waits for it later', async () => {
    await there.cut();
    app = startApp('loader', [], settings);
    const before = await standing(port, 503, ({ details }) => details['work']?.waitingFor !== undefined);
    expect(before.details).toMatchObject({
      service: { state: 'starting' },
      broker: { status: 'up' },
      work: { waitingFor: [{ what: 'database', reason: expect.stringMatching(/DATABASE_URL right.*ECONNREFUSED/) }] },
    });
    expect(await metric('etl_dependency_away{dependency="database"} 1')).toBe(true);
    await there.mend();
    await standing(port, 200, ({ status }) => status === 'ok');
    expect(await metric('etl_dependency_away{dependency="database"} 0')).toBe(true);

    await there.cut();
    // What is asked of the loader now finds the database away.
    await operator(async (publisher) => {
      await expect(publisher.ask({ type: 'status' }, 5_000)).rejects.toThrow();
    });
    const paused = await standing(port, 200, ({ status }) => status === 'degraded');
    expect(paused.details['work']).toMatchObject({
      paused: ['rows', 'ends', 'problems'],
      waitingFor: [{ what: 'database' }],
    });
    await there.mend();
    await standing(port, 200, ({ status }) => status === 'ok');
    expect(await metric('etl_consumption_paused{stage="rows",lane="live"} 0')).toBe(true);
  });

  it('and of all services is told in the metrics that docs/metrics.md explains, and in no others', async () => {
    app = startApp('loader', [], settings);
    const other = await freePort();
    const extractor = startApp('extractor', [], { ...settings, HTTP_PORT: String(other) });
    await Promise.all([standing(port, 200), standing(other, 200)]);
    const texts = await Promise.all([hear(port, '/metrics'), hear(other, '/metrics')]);
    await extractor.stop();
    const told = new Map(texts.flatMap(({ text }) => describedIn(text)));
    const page = readFileSync('docs/metrics.md', 'utf8');
    const rows = [...page.matchAll(/^\| `(etl_\w+)` +\| (\w+) +\| (.*?) +\| (.+?) +\|$/gm)];
    expect(Object.fromEntries(rows.map(([, name, type, , meaning]) => [name, `${type}: ${meaning}`]))).toEqual(
      Object.fromEntries(told),
    );
    const labels = new Map(rows.map(([, name, , names]) => [name, names?.match(/\w+/g) ?? []]));
    for (const { text } of texts) {
      for (const [, name, set = ''] of text.matchAll(/^(etl_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? /gm)) {
        const used = [...set.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
        expect(labels.get(name)).toEqual(expect.arrayContaining(used));
      }
    }
  });
});

/** Our metrics with type and meaning. */
function describedIn(text: string): [string, string][] {
  return [...text.matchAll(/^# HELP (etl_\w+) (.*)\n# TYPE \w+ (\w+)$/gm)].map(([, name = '', help, type]) => [
    name,
    `${type}: ${help}`,
  ]);
}
