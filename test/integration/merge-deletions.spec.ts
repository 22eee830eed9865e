import type { Answered } from '#contracts';

import { answeredOf, batchOf, itemDocument } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { LATER, one, tags, Warehouse } from './warehouse-harness.js';

describeDialects('what ET dropped', merging);

function merging(dialect: Dialect): void {
  const warehouse = Warehouse.forEachTest(dialect);
  const ownColumns = (table: string) =>
    warehouse.query<{ _etl_synced_at: string; _etl_run_id: string; _etl_deleted_at: string | null }>(
      `select * from ${table}`,
    );

  describe('a tombstone', () => {
    const gone = (version: number): Answered => ({ ...answeredOf(one, [], 'gone'), gone: version });
    const state = async () => ({
      deleted: (await ownColumns('sessions')).map(({ _etl_deleted_at }) => _etl_deleted_at !== null),
      tags: (await warehouse.rows('sessions_tags')).map(({ tag_id }) => tag_id),
    });

    it('marks the session, and no older answer brings it back', async () => {
      await warehouse.mergeOne([tags(1, [{ tag_id: 1 }])]);
      await warehouse.mergeOne([gone(3)]);
      expect(await state()).toEqual({ deleted: [true], tags: [1] });
      await warehouse.mergeOne([tags(2, [{ tag_id: 2 }])]);
      expect(await state()).toEqual({ deleted: [true], tags: [1] });
      expect(await warehouse.query('select listed_day from etl_versions')).toEqual([{ listed_day: null }]);
    });

    it('before any answer keeps older ones out', async () => {
      await warehouse.mergeOne([gone(3)]);
      await warehouse.mergeOne([tags(2, [{ tag_id: 2 }])]);
      expect(await state()).toEqual({ deleted: [], tags: [] });
    });

    it('gives way to a newer answer, even an equal one', async () => {
      await warehouse.mergeOne([tags(1, [{ tag_id: 1 }])]);
      await warehouse.mergeOne([gone(2)]);
      await warehouse.mergeOne([tags(3, [{ tag_id: 1 }])]);
      expect(await state()).toEqual({ deleted: [false], tags: [1] });
    });

    it('wins within one transaction over what is older', async () => {
      await warehouse.merge([batchOf([gone(3)]), batchOf([tags(2, [{ tag_id: 2 }])])]);
      expect(await state()).toEqual({ deleted: [], tags: [] });
    });
  });

  describe('dictionaries', () => {
    const scorecard = (id: number, version: number, points: number[]) =>
      answeredOf(String(id), [
        itemDocument('scorecards', version, {
          scorecards: [{ id, name: `card ${id}` }],
          scorecard_categories: [{ id: id * 10, scorecard_id: id }],
          scorecard_points: points.map((point) => ({ id: point, scorecard_id: id, category_id: id * 10 })),
        }),
      ]);
    const mergeCards = (...cards: Answered[]) => warehouse.merge([batchOf(cards, { entity: 'scorecards' })]);
    const points = async () =>
      (await warehouse.rows('scorecard_points')).map(({ id, scorecard_id }) => [id, scorecard_id]);

    it('have children that come, change and go', async () => {
      await mergeCards(scorecard(1, 1, [1, 2]), scorecard(2, 1, [3]));
      await mergeCards(scorecard(1, 2, [2, 4]));
      expect(await points()).toEqual([[2, 1], [3, 2], [4, 1]]); // prettier-ignore
    });

    it('have children that move, whichever owner comes first', async () => {
      await mergeCards(scorecard(1, 1, [1, 2]), scorecard(2, 1, [3]));
      await mergeCards(scorecard(2, 2, [3, 2]), scorecard(1, 2, [1]));
      expect(await points()).toEqual([[1, 1], [2, 2], [3, 2]]); // prettier-ignore
    });

    it('give one result though an older answer of one owner comes late', async () => {
      await mergeCards(scorecard(2, 2, [3, 2]));
      await mergeCards(scorecard(1, 1, [1, 2]));
      await mergeCards(scorecard(1, 2, [1]));
      expect(await points()).toEqual([[1, 1], [2, 2], [3, 2]]); // prettier-ignore
    });

    it('have children that an older answer of one owner names while another gives them up', async () => {
      await mergeCards(scorecard(1, 2, [1]));
      await mergeCards(scorecard(1, 4, []), scorecard(2, 3, [1]));
      expect(await points()).toEqual([[1, 2]]);
    });

    it('have children that come back to an owner whose answer is the one it gave before', async () => {
      await mergeCards(scorecard(1, 2, [1]));
      await mergeCards(scorecard(2, 1, [1]));
      await mergeCards(scorecard(1, 3, []), scorecard(2, 3, [1]));
      expect(await points()).toEqual([[1, 2]]);
      await mergeCards(scorecard(1, 4, [1]));
      await mergeCards(scorecard(1, 5, []));
      await mergeCards(scorecard(2, 5, [1]));
      expect(await points()).toEqual([[1, 2]]);
      await mergeCards(scorecard(1, 6, [1]), scorecard(2, 7, [1]));
      await mergeCards(scorecard(2, 8, []));
      await mergeCards(scorecard(1, 8, [1]));
      expect(await points()).toEqual([[1, 1]]);
    });

    it('bring an item back that was marked as gone', async () => {
      const labels = (version: number) =>
        batchOf([answeredOf('5', [itemDocument('labels', version, { labels: [{ id: 5, text: 'VIP' }] })])], {
          entity: 'labels',
        });
      await warehouse.merge([labels(1)]);
      await warehouse.run(`update labels set _etl_deleted_at = '2026-03-01 00:00:00'`);
      await warehouse.merge([labels(2)], LATER);
      expect(await ownColumns('labels')).toMatchObject([{ _etl_deleted_at: null }]);
    });
  });
}
