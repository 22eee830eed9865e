import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import type { DeleteChoice } from '../../apps/loader/src/merge/tombstones.js';
import { AdoptedDatabase } from '../support/adopted/database.js';
import { adoptedRows, dropped, kept } from '../support/adopted/rows.js';
import { answeredOf, batchOf } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { NOW } from './warehouse-harness.js';

describeDialects('deleted sessions of a database of the original', deletes);

function deletes(dialect: Dialect): void {
  const adopted = AdoptedDatabase.forEachTest(dialect);
  beforeEach(async () => {
    await adopted.database.ensureSchema();
  });
  const bury = async (mode: DeleteChoice['mode'], key: string) => {
    const gone = { ...answeredOf(key, [], 'gone'), gone: 2 };
    const { rejected } = await mergeBatches(adopted.database, [batchOf([gone])], NOW, { mode, keepTexts: false });
    expect(rejected).toEqual([]);
  };
  const children = Object.keys(adoptedRows).filter((name) => name.startsWith('sessions_'));
  const childrenOf = async (key: string) => {
    const rows = await Promise.all(children.map((name) => adopted.rows(name)));
    return rows.flat().filter(({ session_id }) => session_id === key);
  };

  it('lose what is personal though the loader never wrote them', async () => {
    await bury('mark', dropped);
    expect(await adopted.marked('sessions', '_etl_deleted_at')).toEqual([dropped]);
    expect(await childrenOf(dropped)).toMatchObject([
      { tag_id: 20, transcript_id: 9, score: 1 },
      { author_id: 7, text: null },
    ]);
    expect(JSON.stringify(await childrenOf(kept))).toContain('Well done');
  });

  it('are removed, children first', async () => {
    await bury('remove', kept);
    expect((await adopted.rows('sessions')).map(({ id }) => id)).toEqual([dropped]);
    expect(await childrenOf(kept)).toEqual([]);
    expect(await childrenOf(dropped)).toHaveLength(2);
  });

  it("are marked instead where a table of the customer's points to them", async () => {
    const type = (await adopted.catalog()).get('sessions')?.columns.get('id')?.type ?? '';
    await adopted.run(
      `create table customers_cases (id int not null primary key, session_id ${type}, foreign key (session_id) references sessions (id))`,
      `insert into customers_cases (id, session_id) select 1, session_id from sessions_comments where author_id = 7 and text like 'Call back'`,
    );
    await adopted.database.learnCatalog();
    await bury('remove', dropped);
    expect(await adopted.marked('sessions', '_etl_deleted_at')).toEqual([dropped]);
    expect(await childrenOf(dropped)).toEqual([]);
  });

  it('lose whole rows where a unique key that still stands holds the text', async () => {
    await adopted.run('create unique index uq_of_theirs on sessions_summaries (session_id, text)');
    await adopted.database.learnCatalog();
    await bury('mark', kept);
    expect(await adopted.rows('sessions_summaries')).toEqual([]);
    expect(await adopted.rows('sessions_scores')).toHaveLength(2);
  });
}
