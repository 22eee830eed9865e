import { Kysely, type CompiledQuery } from 'kysely';

import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { tags, Warehouse } from './warehouse-harness.js';

import.meta.jest.setTimeout(60_000);

describeDialects('what merging costs', costs);

const SESSIONS = 500;

function costs(dialect: Dialect): void {
  const warehouse = Warehouse.forEachTest(dialect);
  afterEach(() => {
    import.meta.jest.restoreAllMocks();
  });

  it.each([[[321]], [[0, 499]], [[250, 251]]])('sessions %j of 500 that are bad are found by halving', async (bad) => {
    const tries = import.meta.jest.spyOn(warehouse.database, 'transaction');
    const session = (number: number) => ({ waiting_time: bad.includes(number) ? 'not a number' : 5 });
    const answered = Array.from({ length: SESSIONS }, (_, number) =>
      answeredOf(uuidOf(number), [sessionDocument(uuidOf(number), 'session', 1, { sessions: [session(number)] })]),
    );
    const { rejected, written } = await warehouse.merge([batchOf(answered)]);
    expect(rejected.map(({ entry }) => entry).sort()).toEqual(bad.map((number) => `session ${uuidOf(number)}`).sort());
    expect(written).toMatchObject({ sessions: SESSIONS - bad.length });
    // Beside the halves: the try that failed, the look whether rows are to blame at all, and the one that commits.
    expect(tries.mock.calls.length).toBeLessThanOrEqual(bad.length * 2 * Math.ceil(Math.log2(SESSIONS)) + 3);
    expect(await warehouse.query('select slice_id from etl_keys')).toHaveLength(SESSIONS);
    expect(await warehouse.query('select slice_id from etl_inbox')).toHaveLength(1);
  });

  // SQLite has no server to ask: its statements are calls within the process.
  if (dialect !== 'sqlite') {
    it('is one statement, in a transaction of its own, for batches that were applied before', async () => {
      const batches = [batchOf([tags(1, [{ tag_id: 1 }])]), batchOf([tags(2, [{ tag_id: 2 }])])];
      await warehouse.merge(batches);
      const asked = import.meta.jest.spyOn(Kysely.prototype, 'executeQuery');
      expect((await warehouse.merge(batches)).applied).toEqual([]);
      const statements = asked.mock.calls.map(([query]) => (query as CompiledQuery).sql);
      expect(statements.filter((sql) => !sql.startsWith('set '))).toEqual([expect.stringContaining('etl_inbox')]);
    });
  }
}
