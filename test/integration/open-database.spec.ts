import { pino } from 'pino';

import { openDatabase } from '../../apps/loader/src/open-database.js';
import { Cut } from '../support/cut.js';
import { freshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';

import.meta.jest.setTimeout(60_000);

describeWith('postgresql', 'a database that is away', () => {
  it('is waited for by a service, which then makes its tables', async () => {
    const fresh = await freshDatabase('postgresql');
    if (fresh.settings.dialect !== 'postgresql') throw new Error('not PostgreSQL');
    const way = new Cut(new URL(fresh.url));
    await way.mend();
    await way.cut();
    const told = Promise.withResolvers<unknown>();
    const logger = pino({ level: 'warn', hooks: { logMethod: ([, message]) => told.resolve(message) } });
    const { hostname: host, port } = new URL(way.url);
    const settings = { database: { ...fresh.settings, host, port: Number(port) }, schemaMode: 'auto' } as const;
    const opening = openDatabase({ settings, logger, embedded: false });
    expect(await told.promise).toBe('waiting for the database');
    await way.mend();
    const database = await opening;
    expect(await database.ensureSchema()).toEqual([]);
    await database.close();
    await way.cut();
    await fresh.drop();
  });
});
