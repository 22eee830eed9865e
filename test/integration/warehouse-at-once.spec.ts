import fc from 'fast-check';

import type { Answered, RowBatch } from '#contracts';

import type { Database } from '../../apps/loader/src/database.js';
import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { answeredOf, batchOf, itemDocument } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { NOW, Warehouse } from './warehouse-harness.js';
import { answerOf, apart, cut, modelOf, unordered } from './warehouse-model.js';

/** Seven of ten sessions are told about by both loaders. */
const SESSIONS = 100;
const SHARED = 70;
const BATCH = 40;
const ROUNDS = 5;
/** Transactions that one loader has open. */
const AT_ONCE = 3;

describeDialects('two loaders at once', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it('on the same sessions, new to both, lose nothing and fail at nothing', async () => {
    const [mine, theirs] = [histories(1), histories(2)];
    await warehouse.withAnother((another) =>
      Promise.all([loadAll(mine, warehouse.database), loadAll(theirs, another)]),
    );
    const model = modelOf([...mine, ...theirs]);
    for (const [table, rows] of Object.entries(model)) {
      expect([table, unordered(await warehouse.rows(table))]).toEqual([table, unordered(rows)]);
    }
  });

  it('on the same dictionaries, whose children move, lose nothing and fail at nothing', async () => {
    const listings = [1, 2, 3, 4, 5, 6, 7, 8].map((version) => batchOf(cards(version), { entity: 'scorecards' }));
    await warehouse.withAnother((another) =>
      Promise.all([mergeAll(listings, warehouse.database), mergeAll(listings.toReversed(), another)]),
    );
    const points = await warehouse.rows('scorecard_points');
    expect(points.map(({ id, scorecard_id }) => [id, scorecard_id])).toEqual(
      Array.from({ length: 20 }, (_, id) => [id, (id + listings.length) % 4]),
    );
  });
});

/** Several answers about each session of a loader's, in any order, with duplicates; the same for the same seed. */
function histories(loader: number): Answered[] {
  const first = loader === 1 ? 0 : SESSIONS - SHARED;
  const told = Array.from({ length: SESSIONS }, (_, index) => first + index).flatMap((key) =>
    Array.from({ length: ROUNDS }, (_, round) => {
      const version = 1 + ((key * 7 + round * 13 + loader * 5) % 11);
      return answerOf({ key, version, content: (version + loader) % 4, documents: (key + round) % 8 });
    }),
  );
  const all = fc.shuffledSubarray(told, { minLength: told.length, maxLength: told.length });
  return fc.sample(all, { numRuns: 1, seed: loader })[0] ?? [];
}

async function loadAll(answers: readonly Answered[], database: Database): Promise<void> {
  const batches = cut(answers, [BATCH]).flatMap((some) => apart(some).map((group) => batchOf(group)));
  await mergeAll([...batches, ...batches.filter((_, index) => index % 6 === 0)], database);
}

async function mergeAll(batches: readonly RowBatch[], database: Database): Promise<void> {
  const each = async (from: number): Promise<void> => {
    for (let index = from; index < batches.length; index += AT_ONCE) {
      await mergeBatches(database, batches.slice(index, index + 1), NOW);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => each(index)));
}

/** Four owners of twenty children, each of which moves on with every version. */
function cards(version: number): Answered[] {
  return Array.from({ length: 4 }, (_, id) => {
    const points = Array.from({ length: 20 }, (_, point) => point).filter((point) => (point + version) % 4 === id);
    const rows = { scorecards: [{ id }], scorecard_points: points.map((point) => ({ id: point, scorecard_id: id })) };
    return answeredOf(String(id), [itemDocument('scorecards', version, rows)]);
  });
}
