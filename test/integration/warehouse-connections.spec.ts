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

describeServed('a connection lost in mid work', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it('by the server is made good, at whatever statement, more often than there are connections', async () => {
    const { own, end } = sessions[dialect];
    const lost = await loseAtEach(async (step, batch) => {
      let left = step;
      const killed = watched(warehouse.database, async (_call, tx) => {
        if ((left -= 1) !== 0) return;
        const [session] = await tx.query<{ id: number }>(own);
        await runScript(warehouse.fresh, end(Number(session?.id)));
      });
      await mergeBatches(killed, [batch], NOW);
      return left <= 0;
    });
    expect(lost).toBeGreaterThan(8);
  });

  it.each<Loss>(['request', 'answer'])('with any %s is made good, that of the commit too', async (loss) => {
    const { settings } = warehouse.fresh;
    if (settings.dialect === 'sqlite') throw new Error('a file has no connections');
    const way = await LossyWay.to(settings);
    const database = await Database.open({ ...settings, host: '127.0.0.1', port: way.port }, logger, []);
    await database.learnCatalog();
    const lost = await loseAtEach(async (request, batch) => {
      way.lose(loss, request);
      await mergeBatches(database, [batch], NOW);
      return way.broke;
    });
    expect(lost).toBeGreaterThan(8);
    await database.close();
    await way.close();
  });

  /** Merges a new batch for each place where a connection can be lost, until there is none; how many there were. */
  async function loseAtEach(merge: (place: number, batch: RowBatch) => Promise<boolean>): Promise<number> {
    for (let place = 1; ; place += 1) {
      const lost = await merge(place, batchOf([tags(place, [{ tag_id: place }]), tags(1, [], uuidOf(1000 + place))]));
      expect(await warehouse.rows('sessions_tags')).toMatchObject([{ session_id: one, tag_id: place }]);
      expect(await warehouse.rows('sessions')).toHaveLength(place + 1);
      expect(await warehouse.query('select page from etl_inbox')).toHaveLength(place);
      if (!lost) return place - 1;
    }
  }
});
