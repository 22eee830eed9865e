import { zstdDecompressSync } from 'node:zlib';

import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { NOW, one, tags, Warehouse } from './warehouse-harness.js';

describeDialects('merging batches', merging);

function merging(dialect: Dialect): void {
  const warehouse = Warehouse.forEachTest(dialect);

  describe('batches', () => {
    it('that were applied before do nothing', async () => {
      const batch = batchOf([tags(1, [{ tag_id: 1 }])]);
      expect((await warehouse.merge([batch])).applied).toEqual([batch.identity]);
      expect(await warehouse.merge([batch])).toMatchObject({ applied: [], accepted: 0 });
      const next = batchOf([tags(2, [])]);
      expect((await warehouse.merge([batch, next, next])).applied).toEqual([next.identity]);
      expect(await warehouse.query('select * from etl_inbox')).toHaveLength(2);
    });

    it('may be empty', async () => {
      await warehouse.merge([batchOf([])]);
      expect(await warehouse.query('select answered, rejected from etl_inbox')).toEqual([{ answered: 0, rejected: 0 }]);
      expect(await warehouse.merge([])).toMatchObject({ applied: [] });
    });

    it('keep the last of a session that a listing repeats', async () => {
      await warehouse.mergeOne([tags(1, [{ tag_id: 1 }]), tags(1, [{ tag_id: 2 }])]);
      expect(await warehouse.rows('sessions_tags')).toMatchObject([{ tag_id: 2 }]);
      expect(await warehouse.query('select * from etl_keys')).toHaveLength(1);
    });

    it('keep the best outcome of a key', async () => {
      await warehouse.mergeOne([answeredOf(one, [], 'unknown')]);
      await warehouse.mergeOne([answeredOf(one, [sessionDocument(one, 'session', 1)])]);
      await warehouse.mergeOne([answeredOf(one, [], 'rejected')]);
      expect(await warehouse.query('select outcome from etl_keys')).toEqual([{ outcome: 'loaded' }]);
    });

    it('keep the raw form of rejects', async () => {
      const rejects = [{ key: one, reason: 'no start', raw: '{"id":"ї"}' }];
      await warehouse.merge([batchOf([answeredOf(one, [], 'rejected')], { rejects })]);
      const [stored] = await warehouse.query<{ raw: Uint8Array; reason: string }>(
        'select "raw", reason from etl_rejects',
      );
      expect(stored?.reason).toBe('no start');
      expect(zstdDecompressSync(stored?.raw ?? Buffer.of()).toString()).toBe('{"id":"ї"}');
    });

    it('of 10,000 rows are loaded, and changed, in one go', async () => {
      const rows = (score: number) =>
        Array.from({ length: 20 }, (_, tag_id) => ({ tag_id, score, transcript_id: null }));
      const batch = (version: number, score: number) =>
        batchOf(Array.from({ length: 500 }, (_, index) => tags(version, rows(score), uuidOf(index))));
      expect((await warehouse.merge([batch(1, 1)])).written).toMatchObject({ sessions: 500, sessions_tags: 10_000 });
      expect((await warehouse.merge([batch(2, 2)])).written).toMatchObject({ sessions: 0, sessions_tags: 10_000 });
      expect(await warehouse.query('select distinct score from sessions_tags')).toEqual([{ score: 2 }]);
    });

    it('give one result shuffled, repeated and at once', async () => {
      const keys = Array.from({ length: 30 }, (_, index) => uuidOf(index));
      const batches = [3, 1, 2, 5, 4].flatMap((version) =>
        [0, 10, 20].map((from) =>
          batchOf(keys.slice(from, from + 20).map((key) => tags(version, [{ tag_id: version }, { tag_id: 9 }], key))),
        ),
      );
      const others = [...batches].reverse();
      await warehouse.withAnother((second) =>
        Promise.all([
          ...batches.map((batch) => mergeBatches(warehouse.database, [batch], NOW)),
          ...others.map((batch) => mergeBatches(second, [batch], NOW)),
        ]),
      );
      const found = await warehouse.rows('sessions_tags');
      expect(found).toHaveLength(60);
      expect(new Set(found.map(({ tag_id }) => tag_id))).toEqual(new Set([5, 9]));
    });
  });

  describe('a bad session', () => {
    const bad = uuidOf(17);
    const sessions = () =>
      Array.from({ length: 500 }, (_, index) => uuidOf(index)).map((key) =>
        answeredOf(key, [
          sessionDocument(key, 'session', 1, { sessions: [{ waiting_time: key === bad ? 'secret words' : 5 }] }),
        ]),
      );

    it('is set aside with a reason that tells no value, and all others are loaded', async () => {
      const result = await warehouse.merge([batchOf(sessions().slice(0, 300)), batchOf(sessions().slice(300))]);
      expect(result.rejected).toEqual([{ entry: `session ${bad}`, reason: expect.any(String) as string }]);
      expect(result.rejected[0]?.reason).not.toContain('secret');
      expect(result.written['sessions']).toBe(499);
      expect(
        await warehouse.query('select outcome, count(*) as held from etl_keys group by outcome order by outcome'),
      ).toMatchObject([{ outcome: 'loaded' }, { outcome: 'rejected' }]);
      const [reject] = await warehouse.query<{ key: string; raw: Uint8Array }>('select "key", "raw" from etl_rejects');
      expect(reject?.key).toBe(bad);
      expect(zstdDecompressSync(reject?.raw ?? Buffer.of()).toString()).toContain('secret words');
      const [inbox] = await warehouse.query<{ rejected: unknown }>('select sum(rejected) as rejected from etl_inbox');
      expect(Number(inbox?.rejected)).toBe(1);
    });

    it('is loaded once it is well', async () => {
      await warehouse.merge([batchOf(sessions().slice(10, 20))]);
      await warehouse.mergeOne([answeredOf(bad, [sessionDocument(bad, 'session', 1)])]);
      expect(await warehouse.rows('sessions')).toHaveLength(10);
      expect(await warehouse.query("select outcome from etl_keys where outcome = 'rejected'")).toEqual([]);
    });

    it('that holds rows of another is set aside', async () => {
      const document = sessionDocument(one, 'session', 1, { sessions_tags: [{ session_id: bad, tag_id: 1 }] });
      const result = await warehouse.mergeOne([answeredOf(one, [document]), tags(1, [], bad)]);
      expect(result.rejected).toEqual([
        { entry: `session ${one}`, reason: 'a row of sessions_tags belongs to another key' },
      ]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ id: bad }]);
    });
  });
}
