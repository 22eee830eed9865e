import { outdated } from '../../apps/loader/src/schema/definition.js';
import { AdoptedDatabase } from '../support/adopted/database.js';
import { adoptedRows, dropped, kept, session, tags } from '../support/adopted/rows.js';
import { answeredOf, batchOf, sessionDocument } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { Loader } from './ledger-harness.js';

import.meta.jest.setTimeout(60_000);

describeDialects('a database of the original', adopting);

function adopting(dialect: Dialect): void {
  const adopted = AdoptedDatabase.forEachTest(dialect);
  /** SQL Server alone holds nulls of a unique key as equal. */
  const nullsRepeat = dialect !== 'mssql';

  describe('that is taken over', () => {
    it('gains tables, columns and indexes, and loses at most the two keys that let too few rows in', async () => {
      const before = await adopted.catalog();
      expect(await adopted.database.ensureSchema()).not.toEqual([]);
      const after = await adopted.catalog();
      for (const [name, table] of before) {
        const now = after.get(name);
        expect([...(now?.columns.values() ?? [])]).toEqual(expect.arrayContaining([...table.columns.values()]));
        expect(now?.foreignKeys).toEqual(table.foreignKeys);
        // Plain indexes come and go with foreign keys on MariaDB.
        const names = new Set(now?.indexes.map((index) => index.name));
        const lost = table.indexes.filter((index) => index.kind !== 'plain' && !names.has(index.name));
        expect(outdated(name, table)).toEqual(expect.arrayContaining(lost));
      }
    });

    it('is left alone the second time', async () => {
      await adopted.database.ensureSchema();
      const after = await adopted.catalog();
      expect(await adopted.database.ensureSchema()).toEqual([]);
      expect(await adopted.catalog()).toEqual(after);
    });

    it('keeps every row that nobody told about, and all that is of the customer', async () => {
      const dictionaries = Object.keys(adoptedRows).filter((table) => !table.startsWith('sessions'));
      // As they stand: some columns keep fewer digits than they were given.
      const before: object[][] = [];
      for (const table of dictionaries) before.push(await adopted.rows(table));
      await adopted.database.ensureSchema();
      await adopted.mergeSession(1, { sessions: [session], sessions_tags: tags });
      for (const [index, table] of dictionaries.entries()) expect(await adopted.rows(table)).toEqual(before[index]);
      expect((await adopted.rows('sessions')).map(({ id }) => id).sort()).toEqual([kept, dropped].sort());
      const left = { session_id: dropped };
      expect(await adopted.rows('sessions_tags')).toContainEqual(
        expect.objectContaining({ ...left, transcript_id: 9 }),
      );
      expect(await adopted.rows('sessions_comments')).toContainEqual(
        expect.objectContaining({ ...left, text: 'Call back' }),
      );
      const theirs = { of_the_customer: 'Їхнє' };
      expect(await adopted.query('select of_the_customer from sessions')).toEqual([theirs, theirs]);
      expect(await adopted.query('select id, agent_id, note from customers_own')).toEqual([
        { id: 1, agent_id: 5, note: 'their own' },
      ]);
    });
  });

  describe('rows that the original loaded', () => {
    beforeEach(async () => {
      await adopted.database.ensureSchema();
    });

    it('are updated in their place, keep their ids, and go where ET has dropped them', async () => {
      const before = await adopted.ids('sessions_tags', 'tag_id = 20');
      const scores = await adopted.ids('sessions_scores', 'scorecard_point_id = 100');
      const reviewers = await adopted.ids('sessions_reviewers');
      await adopted.mergeSession(1, {
        sessions: [session],
        sessions_tags: tags,
        sessions_categories: [{ category_id: 3, is_verified: true }],
        sessions_crm_statuses: [{ crm_status: 'Paid' }],
        sessions_reviewers: [{ reviewer_id: 7, last_reviewed_at: '2026-02-02 11:00:00' }],
      });
      const score = { scorecard_id: 1, reviewer_id: 7, scorecard_point_id: 100, score: 4 };
      await adopted.mergeSession(1, { sessions_scores: [score] }, 'scores');
      expect(await adopted.keptRows('sessions')).toMatchObject([
        { type: 'call', duration: 61.25, is_processed: true, score_details: session.score_details },
      ]);
      expect(await adopted.ids('sessions_tags')).toEqual(before);
      expect((await adopted.keptRows('sessions_tags')).map((row) => row['score'])).toEqual([0.5, 0.5]);
      expect(await adopted.rows('sessions_categories')).toMatchObject([{ category_id: 3, is_verified: true }]);
      expect(await adopted.ids('sessions_reviewers')).toEqual(reviewers);
      expect(await adopted.ids('sessions_scores')).toEqual(scores);
      expect(await adopted.rows('sessions_scores')).toMatchObject([score]);
    });

    it('are written once: neither what is said again changes them, nor what changes beside them', async () => {
      const reviewers = [7, 8].map((reviewer_id) => ({
        reviewer_id,
        last_reviewed_at: `2026-02-02 11:00:00.124999`,
      }));
      const told = { sessions: [session], sessions_tags: tags, sessions_reviewers: reviewers };
      await adopted.mergeSession(1, told);
      const again = await adopted.mergeSession(2, told);
      expect(Object.values(again.written).filter((count) => count > 0)).toEqual([]);
      const changed = { ...told, sessions: [{ ...session, direction: 'in' }] };
      const more = { ...changed, sessions_reviewers: [...reviewers, { reviewer_id: 9 }] };
      expect((await adopted.mergeSession(3, more)).written).toMatchObject({
        sessions: 1,
        sessions_tags: 0,
        sessions_reviewers: 1,
      });
    });

    it('are found again by date-times, however many digits are kept', async () => {
      const [first] = await adopted.ids('agent_group_associations');
      const belongs = ['2020-01-01 09:30:00.127', '2021-01-01 00:00:00.124999', '2022-01-01 00:00:00'].map(
        (start_dt) => ({ agent_id: 5, group_id: 1, start_dt }),
      );
      const agent = (version: number, count: number) =>
        adopted.mergeItem('agents', version, 5, {
          agents: [{ id: 5, name: `Name ${version}` }],
          agent_group_associations: belongs.slice(0, count),
        });
      await agent(1, 2);
      const [, second] = await adopted.ids('agent_group_associations');
      await agent(2, 2);
      await agent(3, 3);
      expect(await adopted.ids('agent_group_associations')).toEqual([first, second, expect.any(Number)]);
    });

    if (nullsRepeat) {
      it('are no more than ET gives, though a key with a null let them in twice', async () => {
        const [first] = await adopted.ids('sessions_tags', 'transcript_id is null');
        await adopted.run(
          'insert into sessions_tags (session_id, tag_id) select session_id, tag_id from sessions_tags where transcript_id is null',
        );
        await adopted.mergeSession(1, { sessions: [session], sessions_tags: tags });
        expect(await adopted.ids('sessions_tags', 'transcript_id is null')).toEqual([first]);
      });
    }

    it('are marked with their session once ET has dropped it', async () => {
      await adopted.merge(batchOf([{ ...answeredOf(dropped, [], 'gone'), gone: 1 }]));
      expect(await adopted.marked('sessions', '_etl_deleted_at')).toEqual([dropped]);
      expect(await adopted.rows('sessions_comments')).toHaveLength(2);
    });

    it('are asked for again while ET still works on them', async () => {
      const day = new Date().toISOString().slice(0, 10);
      const document = sessionDocument(kept, 'session', 1, { sessions: [{ ...session, is_processed: false }] });
      await adopted.merge(batchOf([answeredOf(kept, [document])], { subject: { kind: 'day', day } }));
      const { state } = await new Loader(adopted.database).ask({ type: 'plan-state', from: day });
      expect(state.unprocessedDays).toEqual([day]);
    });
  });
}
