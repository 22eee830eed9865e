import { randomUUID } from 'node:crypto';

import { outdated } from '../../apps/loader/src/schema/definition.js';
import { AdoptedDatabase } from '../support/adopted/database.js';
import { adoptedRows, dropped, kept, session } from '../support/adopted/rows.js';
import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { batch, endOf, Loader } from './ledger-harness.js';

import.meta.jest.setTimeout(60_000);

describeDialects('keys of a database of the original', keys);

function keys(dialect: Dialect): void {
  const adopted = AdoptedDatabase.forEachTest(dialect);
  beforeEach(async () => {
    await adopted.database.ensureSchema();
  });

  describe('foreign keys', () => {
    it('find a row for every id, which its own answer fills later', async () => {
      await adopted.mergeSession(1, {
        sessions: [{ ...session, agent_id: 6 }],
        sessions_tags: [{ tag_id: 99 }],
        sessions_reviewers: [{ reviewer_id: 0 }],
      });
      expect(await adopted.marked('agents', '_etl_placeholder')).toEqual([6]);
      expect(await adopted.marked('tags', '_etl_placeholder')).toEqual([99]);
      expect(await adopted.marked('users', '_etl_placeholder')).toEqual([0]);
      expect(await adopted.rows('agents')).toContainEqual(expect.objectContaining({ id: 6, name: null }));
      await adopted.mergeItem('agents', 1, 6, { agents: [{ id: 6, name: 'Тарас' }] });
      await adopted.mergeItem('users', 1, 0, { users: [{ id: 0 }] });
      expect(await adopted.marked('agents', '_etl_placeholder')).toEqual([]);
      expect(await adopted.marked('users', '_etl_placeholder')).toEqual([]);
      expect((await adopted.rows('agents')).map(({ id, name }) => [id, name])).toEqual([[5, 'Олена'], [6, 'Тарас']]); // prettier-ignore
    });

    it('between dictionaries are kept in whatever order they come', async () => {
      await adopted.mergeItem('users', 1, 8, { users: [{ id: 8, agent_id: 50, agent_group_id: 60 }] });
      await adopted.mergeItem('groups', 1, 60, { groups: [{ id: 60, name: 'Support', scorecard_id: 70 }] });
      expect(await adopted.marked('scorecards', '_etl_placeholder')).toEqual([70]);
      expect(await adopted.marked('groups', '_etl_placeholder')).toEqual([]);
      expect(await adopted.marked('agents', '_etl_placeholder')).toEqual([50]);
    });

    it('find the session itself where it was removed and only its details changed', async () => {
      await adopted.mergeSession(1, { sessions: [session] });
      const children = Object.keys(adoptedRows).filter((name) => name.startsWith('sessions_'));
      await adopted.run(...children.map((name) => `delete from ${name}`), 'delete from sessions');
      const scores = [{ scorecard_id: 1, reviewer_id: 7, scorecard_point_id: 100, score: 4 }];
      await adopted.mergeSession(2, { sessions_scores: scores }, 'scores');
      expect(await adopted.marked('sessions', '_etl_placeholder')).toEqual([kept]);
      expect(await adopted.query('select session_id from v_scores union select id from v_sessions')).toEqual([]);
      await adopted.mergeSession(3, { sessions: [{ ...session, type: 'chat' }] });
      expect(await adopted.marked('sessions', '_etl_placeholder')).toEqual([]);
      expect(await adopted.rows('sessions')).toMatchObject([{ type: 'chat' }]);
    });

    it('keep what they point to: it is marked, and unmarked once it is back, with another owner too', async () => {
      const card = (version: number, id: number, points: number[]) =>
        adopted.mergeItem('scorecards', version, id, {
          scorecards: [{ id, name: `card ${version}` }],
          scorecard_categories: [{ id: id * 10, scorecard_id: id }],
          scorecard_points: points.map((point) => ({ id: point, scorecard_id: id, category_id: id * 10 })),
        });
      await card(1, 1, [100]);
      expect(await adopted.marked('scorecard_points', '_etl_deleted_at')).toEqual([101]);
      expect(await adopted.ids('scorecard_points')).toEqual([100, 101]);
      await card(2, 1, [100, 101]);
      expect(await adopted.marked('scorecard_points', '_etl_deleted_at')).toEqual([]);
      // The other owner's answer is older, and the first one's newer answer does not hold the point any more.
      await card(4, 1, [100]);
      await card(3, 2, [101]);
      expect(await adopted.marked('scorecard_points', '_etl_deleted_at')).toEqual([]);
      expect(await adopted.rows('scorecard_points')).toMatchObject([
        { id: 100, scorecard_id: 1 },
        { id: 101, scorecard_id: 2 },
      ]);
    });
  });

  describe('unique keys that let too few rows in', () => {
    const comments = [
      { et_id: '12', author_id: 7, text: 'Thanks', created_at: '2026-02-03 10:00:00' },
      { et_id: '11', author_id: 7, text: 'Well done', created_at: '2026-02-02 10:00:00' },
    ];
    const summaries = ['The summary', 'The summary', 'Another'].map((text, place) => ({ et_id: `s${place}`, text }));
    const whereSame = `text = 'The summary'`;

    /** Brings back the keys where they were dropped, as if nobody might. */
    const stand = async () => {
      for (const [table, columns] of [
        ['sessions_comments', 'session_id'],
        ['sessions_summaries', 'session_id, text'],
      ] as const) {
        // prettier-ignore
        const found = (await adopted.catalog()).get(table);
        if (found && outdated(table, found).length > 0) continue;
        await adopted.run(`alter table ${table} add constraint uq_${table} unique (${columns})`);
      }
      await adopted.database.learnCatalog();
    };

    it('hold the newest rows while they stand, in the place of those that were there', async () => {
      await stand();
      const before = [await adopted.ids('sessions_comments'), await adopted.ids('sessions_summaries', whereSame)];
      await adopted.mergeSession(1, { sessions_comments: comments }, 'comments');
      await adopted.mergeSession(1, { sessions_summaries: summaries }, 'summary');
      expect(await adopted.keptRows('sessions_comments')).toMatchObject([{ et_id: '12', text: 'Thanks' }]);
      expect((await adopted.rows('sessions_summaries')).map(({ et_id, text }) => [et_id, text]).sort()).toEqual([
        ['s1', 'The summary'],
        ['s2', 'Another'],
      ]);
      expect([await adopted.ids('sessions_comments'), await adopted.ids('sessions_summaries', whereSame)]).toEqual(
        before,
      );
    });

    it('leave the day verified, with what they kept out counted', async () => {
      await stand();
      const loader = new Loader(adopted.database);
      const slice = await loader.openDay('r');
      const attempt = randomUUID();
      for (const key of [uuidOf(10), uuidOf(11)]) {
        const documents = [
          sessionDocument(key, 'session', 1),
          sessionDocument(key, 'comments', 1, { sessions_comments: comments }),
        ];
        await loader.merge(batch(slice, attempt, [], { answered: [answeredOf(key, documents)] }));
      }
      await loader.closer.end(endOf(slice, attempt, 2));
      expect(await loader.run('r')).toMatchObject({
        slices: { verified: 1 },
        loaded: 2,
        notStored: { sessions_comments: 2 },
      });
      await loader.dispatcher.stop();
    });

    // SQLite cannot drop a key without making the table anew.
    if (dialect !== 'sqlite') {
      it('are dropped where the loader may, and then every row is kept', async () => {
        await adopted.mergeSession(1, { sessions_comments: comments }, 'comments');
        await adopted.mergeSession(1, { sessions_summaries: summaries }, 'summary');
        expect(await adopted.keptRows('sessions_comments')).toHaveLength(2);
        expect(await adopted.keptRows('sessions_summaries')).toHaveLength(3);
        expect(await adopted.query('select distinct notes from etl_inbox')).toEqual([{ notes: null }]);
      });
    }
  });

  // SQLite's columns have no length, and its tables no keys but those they were made with.
  if (dialect !== 'sqlite') {
    describe('what the tables do not take', () => {
      it('is set aside alone: a text that is too long', async () => {
        const told = (number: number, crm_status: string) => {
          const rows = { sessions_crm_statuses: [{ crm_status }] };
          return answeredOf(uuidOf(number), [sessionDocument(uuidOf(number), 'session', 1, rows)]);
        };
        const answered = [told(10, 'Paid'), told(11, 'x'.repeat(256)), told(12, 'Open')];
        const { rejected } = await adopted.merge(batchOf(answered));
        expect(rejected).toMatchObject([{ entry: `session ${uuidOf(11)}` }]);
        const loaded = [kept, dropped, uuidOf(10), uuidOf(12)];
        expect((await adopted.rows('sessions')).map(({ id }) => id).sort()).toEqual(loaded.sort());
      });

      it('waits where a foreign key is none of the original: no record is to blame', async () => {
        await adopted.run(
          'alter table sessions add constraint fk_own foreign key (list_id) references customers_own (id)',
        );
        await adopted.database.learnCatalog();
        const merging = adopted.mergeSession(1, { sessions: [{ ...session, list_id: 99 }] });
        await expect(merging).rejects.toMatchObject({ outside: true });
        await expect(merging).rejects.toThrow('a foreign key has no parent row');
      });
    });
  }
}
