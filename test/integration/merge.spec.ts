import { answeredOf, batchOf, DAY, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { LATER, one, tags, Warehouse } from './warehouse-harness.js';

describeDialects('merging documents', merging);

function merging(dialect: Dialect): void {
  const warehouse = Warehouse.forEachTest(dialect);

  describe('documents', () => {
    it('are inserted with their children, the time and the run', async () => {
      const documents = [
        sessionDocument(one, 'session', 1, {
          sessions: [{ type: 'call', duration: 61.5 }],
          sessions_tags: [{ tag_id: 7, transcript_id: 1 }],
        }),
        sessionDocument(one, 'scores', 1, { sessions_scores: [{ scorecard_id: 1, reviewer_id: 0, score: 3 }] }),
      ];
      const result = await warehouse.mergeOne([answeredOf(one, documents)]);
      expect(result).toMatchObject({ written: { sessions: 1, sessions_tags: 1, sessions_scores: 1 }, rejected: [] });
      expect(await warehouse.rows('sessions')).toMatchObject([{ id: one, type: 'call', duration: 61.5 }]);
      expect(await warehouse.rows('sessions_scores')).toMatchObject([{ session_id: one, score: 3 }]);
      const [own] = await warehouse.query<{ _etl_synced_at: string }>('select * from sessions_tags');
      expect(own).toMatchObject({ _etl_run_id: 'run-1' });
      expect(own?._etl_synced_at).toMatch(/^2026-03-02 00:00:00/);
    });

    it('that are newer replace older ones, and only they', async () => {
      await warehouse.mergeOne([
        answeredOf(one, [sessionDocument(one, 'session', 2, { sessions: [{ type: 'new' }] })]),
      ]);
      await warehouse.mergeOne([
        answeredOf(one, [sessionDocument(one, 'session', 1, { sessions: [{ type: 'old' }] })]),
      ]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ type: 'new' }]);
      await warehouse.mergeOne([
        answeredOf(one, [sessionDocument(one, 'session', 3, { sessions: [{ type: 'newest' }] })]),
      ]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ type: 'newest' }]);
    });

    it('have versions of their own', async () => {
      const scores = (version: number, score: number) =>
        sessionDocument(one, 'scores', version, { sessions_scores: [{ scorecard_id: 1, reviewer_id: 0, score }] });
      await warehouse.mergeOne([answeredOf(one, [sessionDocument(one, 'session', 5), scores(6, 1)])]);
      await warehouse.mergeOne([answeredOf(one, [sessionDocument(one, 'session', 7), scores(5, 2)])]);
      expect(await warehouse.rows('sessions_scores')).toMatchObject([{ score: 1 }]);
    });

    it('of which only the summary changed write only the summary', async () => {
      const answered = (version: number, text: string) =>
        answeredOf(one, [
          sessionDocument(one, 'session', version, { sessions: [{ type: 'call' }], sessions_tags: [{ tag_id: 1 }] }),
          sessionDocument(one, 'summary', version, { sessions_summaries: [{ et_id: 's', text }] }),
        ]);
      await warehouse.mergeOne([answered(1, 'the first')]);
      const { written } = await warehouse.mergeOne([answered(2, 'the second')], LATER);
      expect(written).toMatchObject({ sessions: 0, sessions_summaries: 1 });
      expect(written['sessions_tags'] ?? 0).toBe(0);
      expect(await warehouse.rows('sessions_summaries')).toMatchObject([{ text: 'the second' }]);
    });

    it('of one version end alike in either order', async () => {
      const answers = ['x', 'y'].map((type) =>
        answeredOf(one, [sessionDocument(one, 'session', 1, { sessions: [{ type }] })]),
      );
      for (const answered of answers) await warehouse.mergeOne([answered]);
      const forwards = await warehouse.rows('sessions');
      await warehouse.run('delete from sessions', 'delete from etl_versions');
      for (const answered of answers.reverse()) await warehouse.mergeOne([answered]);
      expect(await warehouse.rows('sessions')).toEqual(forwards);
    });

    it('that change nothing write nothing but their versions', async () => {
      const documents = (version: number) => [
        sessionDocument(one, 'session', version, { sessions_tags: [{ tag_id: 1 }, { tag_id: 2, transcript_id: 4 }] }),
      ];
      await warehouse.mergeOne([answeredOf(one, documents(1))]);
      const before = await warehouse.everything();
      const result = await warehouse.mergeOne([answeredOf(one, documents(2))], LATER);
      expect(result).toMatchObject({ accepted: 2, changed: 0 });
      expect(Object.values(result.written).every((rows) => rows === 0)).toBe(true);
      const { sessions, sessions_tags } = await warehouse.everything();
      expect({ sessions, sessions_tags }).toEqual({
        sessions: before['sessions'],
        sessions_tags: before['sessions_tags'],
      });
      expect(await warehouse.query('select root_version from etl_versions')).toMatchObject([
        { root_version: expect.anything() },
      ]);
      await warehouse.mergeOne([tags(1, [])]);
      expect(await warehouse.rows('sessions_tags')).toHaveLength(2);
    });

    it('leave rows alone that they repeat beside rows that they change', async () => {
      await warehouse.mergeOne([
        tags(1, [
          { tag_id: 1, score: 1 },
          { tag_id: 2, score: 1 },
        ]),
      ]);
      const result = await warehouse.mergeOne(
        [
          tags(2, [
            { tag_id: 1, score: 1 },
            { tag_id: 2, score: 2 },
          ]),
        ],
        LATER,
      );
      expect(result.written).toMatchObject({ sessions: 0, sessions_tags: 1 });
    });

    it('of the whole session keep additional_info where its own document holds it', async () => {
      const detail = sessionDocument(one, 'detail', 1, { sessions: [{ id: one, additional_info: '{"order":1}' }] });
      const session = (version: number, type: string) => {
        const document = sessionDocument(one, 'session', version, { sessions: [{ type }] });
        for (const row of document.rows['sessions'] ?? []) delete row['additional_info'];
        return document;
      };
      await warehouse.mergeOne([answeredOf(one, [session(1, 'call'), detail])]);
      await warehouse.mergeOne([answeredOf(one, [session(2, 'chat')])]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ type: 'chat', additional_info: '{"order":1}' }]);
    });

    it('that are missing from a batch keep what was known', async () => {
      const summary = sessionDocument(one, 'summary', 1, { sessions_summaries: [{ et_id: 's', text: 'kept' }] });
      await warehouse.mergeOne([answeredOf(one, [sessionDocument(one, 'session', 1), summary])]);
      await warehouse.mergeOne([
        {
          ...answeredOf(one, [sessionDocument(one, 'session', 2, { sessions: [{ type: 'chat' }] })], 'unknown'),
          unknown: [{ document: 'summary', reason: 'ET answered 500' }],
        },
      ]);
      expect(await warehouse.rows('sessions_summaries')).toMatchObject([{ text: 'kept' }]);
      expect(await warehouse.query('select outcome, reason from etl_keys')).toEqual([
        { outcome: 'loaded', reason: null },
      ]);
    });

    it('of an unfiltered day remember the day, in whatever order they come', async () => {
      const session = (version: number) => [answeredOf(one, [sessionDocument(one, 'session', version)])];
      const filtered = { subject: { kind: 'day', day: '2026-03-09', filters: 'is_scored,manual' } } as const;
      await warehouse.merge([batchOf(session(2), filtered)]);
      expect(await warehouse.query('select listed_day from etl_versions')).toEqual([{ listed_day: null }]);
      await warehouse.merge([batchOf(session(1))]);
      expect(await warehouse.query('select listed_day from etl_versions')).toEqual([{ listed_day: DAY }]);
    });
  });

  describe('child sets', () => {
    it('are made equal to what ET last gave', async () => {
      await warehouse.mergeOne([
        tags(1, [
          { tag_id: 1, score: 1 },
          { tag_id: 2, score: 1 },
          { tag_id: 3, score: 1 },
        ]),
      ]);
      const result = await warehouse.mergeOne([
        tags(2, [{ tag_id: 2, score: 1 }, { tag_id: 3, score: 5 }, { tag_id: 4 }]),
      ]);
      expect(result.written['sessions_tags']).toBe(3);
      const found = await warehouse.rows('sessions_tags');
      expect(found.map(({ tag_id, score }) => [tag_id, score])).toEqual([[2, 1], [3, 5], [4, null]]); // prettier-ignore
      await warehouse.mergeOne([tags(3, [])]);
      expect(await warehouse.rows('sessions_tags')).toEqual([]);
    });

    it('hold nulls in keys as equal, and the last of equal keys', async () => {
      await warehouse.mergeOne([
        tags(1, [
          { tag_id: 1, score: 1 },
          { tag_id: 1, score: 2 },
          { tag_id: 1, transcript_id: 1 },
        ]),
      ]);
      expect(await warehouse.rows('sessions_tags')).toHaveLength(2);
      await warehouse.mergeOne([tags(2, [{ tag_id: 1, score: 3 }])]);
      expect(await warehouse.rows('sessions_tags')).toMatchObject([{ tag_id: 1, transcript_id: null, score: 3 }]);
    });

    it('of other sessions are left alone', async () => {
      const other = uuidOf(2);
      await warehouse.mergeOne([tags(1, [{ tag_id: 1 }]), tags(1, [{ tag_id: 1 }], other)]);
      await warehouse.mergeOne([tags(2, [])]);
      expect(await warehouse.rows('sessions_tags')).toMatchObject([{ session_id: other }]);
    });
  });
}
