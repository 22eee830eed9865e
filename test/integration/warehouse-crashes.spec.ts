import type { RowBatch } from '#contracts';

import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { answeredOf, batchOf, itemDocument, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { NOW, one, tags, Warehouse } from './warehouse-harness.js';
import { watched } from './warehouse-steps.js';

describeDialects('a loader that ends in mid work', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it('leaves all as it was, at whatever statement, and ends as a loader that never did', async () => {
    const [first, batches] = [earlier(), later()];
    await warehouse.merge(first);
    const before = await warehouse.everything();
    await warehouse.merge(batches);
    const after = await warehouse.everything();

    await warehouse.empty();
    await warehouse.merge(first);
    let crashes = 0;
    while (await crashed(crashes + 1, batches)) {
      expect(await warehouse.everything()).toEqual(before);
      crashes += 1;
    }
    // Fewer statements than these would mean that there was little to be crashed in.
    expect(crashes).toBeGreaterThan(20);
    expect(await warehouse.everything()).toEqual(after);
  });

  it('after its commit costs one statement when all is delivered again', async () => {
    const batches = later();
    await warehouse.merge(batches);
    const calls: string[] = [];
    const counted = watched(warehouse.database, (call) => calls.push(call));
    expect(await mergeBatches(counted, batches, NOW)).toMatchObject({ applied: [], accepted: 0, written: {} });
    expect(calls).toEqual(['insertMissing', 'commit']);
  });

  /** Merges, and crashes before this step; false where the merge came to its end. */
  async function crashed(step: number, batches: RowBatch[]): Promise<boolean> {
    let left = step;
    const crashing = watched(warehouse.database, () => {
      if ((left -= 1) === 0) throw new Crash();
    });
    try {
      await mergeBatches(crashing, batches, NOW);
      return false;
    } catch (error) {
      if (error instanceof Crash) return true;
      throw error;
    }
  }
});

class Crash extends Error {}

const [two, three] = [uuidOf(2), uuidOf(3)];

function earlier() {
  return [batchOf([tags(1, [{ tag_id: 1 }, { tag_id: 2 }]), tags(1, [], two)]), scorecards(1, [1, 2], [3])];
}

/** Something of all that a merge can find: new, changed and gone sessions, children that move, what is set aside. */
function later() {
  const whole = answeredOf(one, [
    sessionDocument(one, 'session', 2, { sessions: [{ type: 'chat' }], sessions_tags: [{ tag_id: 2, score: 1 }] }),
    sessionDocument(one, 'scores', 2, { sessions_scores: [{ scorecard_id: 1, reviewer_id: 0, score: 3 }] }),
    sessionDocument(one, 'summary', 2, { sessions_summaries: [{ et_id: 's', text: 'a summary' }] }),
    sessionDocument(one, 'comments', 2, { sessions_comments: [{ et_id: 'c', text: 'a comment' }] }),
    sessionDocument(one, 'transcripts', 2, { sessions_transcripts: [{ transcript_id: '5', text: 'hello' }] }),
  ]);
  const gone = { ...answeredOf(two, [], 'gone'), gone: 2 };
  const rejects = [{ key: 'odd', reason: 'no start', raw: '{}' }];
  return [batchOf([whole, gone, tags(1, [{ tag_id: 5 }], three)], { rejects }), scorecards(2, [1], [3, 2])];
}

function scorecards(version: number, ...points: number[][]) {
  const cards = points.map((own, index) =>
    answeredOf(String(index + 1), [
      itemDocument('scorecards', version, {
        scorecards: [{ id: index + 1, name: `version ${version}` }],
        scorecard_categories: [{ id: 10 + index, scorecard_id: index + 1 }],
        scorecard_points: own.map((id) => ({ id, scorecard_id: index + 1, category_id: 10 + index })),
      }),
    ]),
  );
  return batchOf(cards, { entity: 'scorecards' });
}
