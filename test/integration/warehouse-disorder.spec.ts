import fc from 'fast-check';

import type { Answered, RowBatch } from '#contracts';

import { answeredOf, batchOf, itemDocument } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { Warehouse } from './warehouse-harness.js';
import { answerOf, apart, cut, disorder, modelOf, told, unordered, type Told } from './warehouse-model.js';

/** Each run is a history of its own, of some twenty transactions. */
const numRuns = { sqlite: 100, postgresql: 25, mariadb: 15, mssql: 5 };

describeDialects('a history in any order', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it('in any cuts and groups, however often delivered, ends as the newest of each document', async () => {
    const history = fc
      .array(told, { minLength: 1, maxLength: 20 })
      .chain((given) => deliveries(given).map((delivered) => ({ given, delivered })));
    await fc.assert(
      fc.asyncProperty(history, async ({ given, delivered }) => {
        await warehouse.empty();
        const batches = new Map([...new Set(delivered.flat())].map((read) => [read, batchOf(read.map(answerOf))]));
        for (const group of delivered) await warehouse.merge(group.flatMap((read) => batches.get(read) ?? []));
        await expectModel(given.map(answerOf));
      }),
      { numRuns: numRuns[dialect] },
    );
  });

  it('of listings whose children move from owner to owner ends as the newest listing', async () => {
    // Which of three owners each of three children belongs to, or none; one list a listing.
    const listings = fc.array(fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 });
    const history = listings.chain((given) =>
      disorder(given.flatMap(cardsOf)).map((cards) => ({ cards, newest: given.at(-1) ?? [] })),
    );
    await fc.assert(
      fc.asyncProperty(history, async ({ cards, newest }) => {
        await warehouse.empty();
        for (const some of cut(cards, [1, 2])) await warehouse.merge(some.map(cardBatch));
        const points = (await warehouse.rows('scorecard_points')).map(({ id, scorecard_id }) => [id, scorecard_id]);
        expect(points).toEqual(newest.flatMap((owner, child) => (owner < 3 ? [[child, owner]] : [])));
      }),
      { numRuns: 2 * numRuns[dialect] },
    );
  });

  it('of one version ends alike in either order', async () => {
    const [x, y] = [of(1, 1), of(1, 2)];
    const orders = [[0, 1], [1, 0], [0, 1, 0], [1, 0, 1]]; // prettier-ignore
    for (const order of orders.map((places) => places.map((place) => [x, y][place] as Answered))) {
      await warehouse.empty();
      for (const answered of order) await warehouse.mergeOne([answered]);
      await expectModel([x, y]);
    }
  });

  it('changes nothing by an older document after a newer one, and after an equal newer one', async () => {
    await warehouse.mergeOne([of(5, 1)]);
    await warehouse.mergeOne([of(9, 1)]);
    const before = await state();
    await warehouse.mergeOne([of(7, 2)]);
    await warehouse.mergeOne([of(9, 1)]);
    expect(await state()).toEqual(before);
  });

  it('takes a page that is read again in other cuts for what it is', async () => {
    const page = Array.from({ length: 30 }, (_, key) => of(1, key % 4, key));
    await warehouse.merge(cut(page, [7]).map((some) => batchOf(some)));
    const before = await state();
    const result = await warehouse.merge(cut(page.toReversed(), [4, 11]).map((some) => batchOf(some)));
    expect(result).toMatchObject({ accepted: 0, changed: 0, written: {} });
    expect(await state()).toEqual(before);
  });

  async function expectModel(given: readonly Answered[]): Promise<void> {
    const model = modelOf(given);
    for (const [table, rows] of Object.entries(model)) {
      expect([table, unordered(await warehouse.rows(table))]).toEqual([table, unordered(rows)]);
    }
  }

  /** Everything but the inbox, which counts deliveries. */
  async function state(): Promise<object> {
    return { ...(await warehouse.everything()), etl_inbox: [] };
  }
});

function of(version: number, content: number, key = 1): Answered {
  return answerOf({ key, version, content, documents: 7 });
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });

/** Merges of batches: read in any order and cuts, some twice; then sent in any order and groups, some twice. */
function deliveries(given: readonly Told[]): fc.Arbitrary<Told[][][]> {
  return fc
    .tuple(disorder(given), sizes, sizes)
    .chain(([read, cuts, groups]) => disorder(cut(read, cuts).flatMap(apart)).map((batches) => cut(batches, groups)));
}

interface Card {
  readonly id: number;
  readonly version: number;
  readonly points: readonly number[];
}

function cardsOf(owners: readonly number[], index: number): Card[] {
  const pointsOf = (id: number) => owners.flatMap((owner, point) => (owner === id ? [point] : []));
  return [0, 1, 2].map((id) => ({ id, version: index + 1, points: pointsOf(id) }));
}

function cardBatch({ id, version, points }: Card): RowBatch {
  const rows = { scorecards: [{ id }], scorecard_points: points.map((point) => ({ id: point, scorecard_id: id })) };
  return batchOf([answeredOf(String(id), [itemDocument('scorecards', version, rows)])], { entity: 'scorecards' });
}
