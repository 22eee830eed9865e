import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

import { pino } from 'pino';

import { openDatabase } from '../../apps/loader/src/open-database.js';
import { freshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';

import.meta.jest.setTimeout(60_000);

describeWith('postgresql', 'a database that is away', () => {
  it('is waited for by a service, which then makes its tables', async () => {
    const fresh = await freshDatabase('postgresql');
    if (fresh.settings.dialect !== 'postgresql') throw new Error('not PostgreSQL');
    const port = await freePort();
    const told = Promise.withResolvers<unknown>();
    const logger = pino({ level: 'warn', hooks: { logMethod: ([, message]) => told.resolve(message) } });
    const settings = { database: { ...fresh.settings, host: '127.0.0.1', port }, schemaMode: 'auto' } as const;
    const opening = openDatabase({ settings, logger, embedded: false });
    expect(await told.promise).toBe('waiting for the database');
    const { host, port: target } = fresh.settings;
    const relay = createServer((socket) => {
      const server = connect(target, host);
      for (const [one, other] of [
        [socket, server],
        [server, socket],
      ] as const) {
        one.pipe(other);
        one.on('error', () => other.destroy());
      }
    });
    await listening(relay, port);
    const database = await opening;
    expect(await database.ensureSchema()).toEqual([]);
    await database.close();
    relay.close();
    await fresh.drop();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server, 0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
