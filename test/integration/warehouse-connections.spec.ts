import type { RowBatch } from '#contracts';

import { Database } from '../../apps/loader/src/database.js';
import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { runScript } from '../support/own-client.js';
import { batchOf, uuidOf } from '../support/row-batches.js';
import { describeServed } from '../support/suites.js';
import { LossyWay, type Loss } from './lossy-way.js';
import { logger, NOW, one, tags, Warehouse } from './warehouse-harness.js';
import { watched } from './warehouse-steps.js';

/** How a session names itself, and how another ends it. */
const sessions = {
  postgresql: { own: 'select pg_backend_pid() as id', end: (id: number) => `select pg_terminate_backend(${id})` },
  mariadb: { own: 'select connection_id() as id', end: (id: number) => `kill ${id}` },
  mssql: { own: 'select @@spid as id', end: (id: number) => `kill ${id}` },
};

/** A new connection can take seconds where a server plans every statement for each of them anew. */
const mostPlaces = { postgresql: 100, mariadb: 100, mssql: 5 };

describeServed('a connection lost in mid work', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it('by the server is made good, at whatever statement', async () => {
    const { own, end } = sessions[dialect];
    await loseAtEach(async (batch, place) => {
      let calls = 0;
      const killed = watched(warehouse.database, async (_call, tx) => {
        if ((calls += 1) !== place) return;
        const [session] = await tx.query<{ id: number }>(own);
        await runScript(warehouse.fresh, end(Number(session?.id)));
      });
      await mergeBatches(killed, [batch], NOW);
      return calls;
    });
  });

  it.each<Loss>(['request', 'answer'])('with any %s is made good, that of the commit too', async (loss) => {
    const { settings } = warehouse.fresh;
    if (settings.dialect === 'sqlite') throw new Error('a file has no connections');
    const way = await LossyWay.to(settings);
    const database = await Database.open({ ...settings, host: '127.0.0.1', port: way.port }, logger, []);
    await database.learnCatalog();
    try {
      await loseAtEach(async (batch, place) => {
        way.lose(loss, place);
        await mergeBatches(database, [batch], NOW);
        return way.requests;
      });
    } finally {
      await database.close();
      await way.close();
    }
  });

  /** Merges a batch without loss to learn how many places there are, then a new one for each place. */
  async function loseAtEach(merge: (batch: RowBatch, place: number) => Promise<number>): Promise<void> {
    const merged = (version: number, place: number) =>
      merge(batchOf([tags(version, [{ tag_id: version }]), tags(1, [], uuidOf(1000 + version))]), place);
    await merged(1, 0);
    const places = await merged(2, 0);
    expect(places).toBeGreaterThan(8);
    const tried = Math.min(places, mostPlaces[dialect]);
    for (let version = 3; version < 3 + tried; version += 1) {
      const place = Math.round(1 + ((version - 3) * (places - 1)) / (tried - 1));
      expect(await merged(version, place)).toBeGreaterThan(places);
      expect(await warehouse.rows('sessions_tags')).toMatchObject([{ session_id: one, tag_id: version }]);
      expect(await warehouse.rows('sessions')).toHaveLength(version + 1);
      expect(await warehouse.query('select page from etl_inbox')).toHaveLength(version);
    }
  }
});
