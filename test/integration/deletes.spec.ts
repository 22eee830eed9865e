import type { Answered, RowDocument } from '#contracts';

import type { DeleteChoice } from '../../apps/loader/src/merge/tombstones.js';
import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { LATER, NOW, one, Warehouse } from './warehouse-harness.js';

const marking: DeleteChoice = { mode: 'mark', keepTexts: false };
const keeping: DeleteChoice = { mode: 'mark', keepTexts: true };
const removing: DeleteChoice = { mode: 'remove', keepTexts: false };
const ignoring: DeleteChoice = { mode: 'ignore', keepTexts: false };
const other = uuidOf(2);

describeDialects('a session that ET no longer has', deletes);

function deletes(dialect: Dialect): void {
  const warehouse = Warehouse.forEachTest(dialect);
  const merge = (choice: DeleteChoice, ...answered: Answered[]) => warehouse.merge([batchOf(answered)], NOW, choice);
  const isMarked = async () =>
    (await warehouse.query<{ _etl_deleted_at: string | null }>('select _etl_deleted_at from sessions order by id')).map(
      ({ _etl_deleted_at }) => _etl_deleted_at !== null,
    );
  /** What is stored of all sessions, without what the loader notes beside it. */
  const stored = async () => Object.fromEntries(await Promise.all(told.map(async (table) => [table, await warehouse.rows(table)] as const))); // prettier-ignore

  it('is marked and loses what is personal; all that is counted stays', async () => {
    await merge(marking, whole(1), whole(1, other));
    await merge(marking, gone(2));
    expect((await isMarked()).toSorted()).toEqual([false, true]);
    const [row, ...children] = await ofSession(one);
    expect(row).toMatchObject({ type: 'call', duration: 61.5, agent_id: 5, queue_name: 'sales' });
    expect(row).toMatchObject({ caller_id: null, filename: null, destination_id: null, additional_info: null });
    expect(children).toMatchObject([
      { tag_id: 20, score: 0.5, matched_corpus_text: null, matched_query_text: null, meta: null },
      { crm_status: 'Paid' },
      { scorecard_point_id: 100, score: 4, comment: null },
      { et_id: 's1', text: null },
      { et_id: 's2', text: null },
      { et_id: 'c1', author_id: 7, text: null, comments: null },
      { position: 0, text: null, speaker: null, details: null },
    ]);
    expect(JSON.stringify([row, children])).not.toContain('Олена');
    expect(JSON.stringify(await ofSession(other)).match(/Олена/g)).toHaveLength(11);
  });

  it('keeps its texts where that is chosen', async () => {
    await merge(keeping, whole(1));
    const before = await stored();
    await merge(keeping, gone(2));
    expect(await stored()).toEqual(before);
    expect(await isMarked()).toEqual([true]);
  });

  it('is removed with all that hangs on it', async () => {
    await merge(removing, whole(1), whole(1, other));
    const { written } = await merge(removing, gone(2));
    expect(await ofSession(one)).toEqual([]);
    expect(await ofSession(other)).toHaveLength(8);
    expect(written).toMatchObject(
      Object.fromEntries(told.map((table) => [table, table === 'sessions_summaries' ? 2 : 1])),
    );
  });

  it('stays as it is where deletions are ignored', async () => {
    await merge(ignoring, whole(1));
    const before = await stored();
    const { written } = await merge(ignoring, gone(3));
    expect(written).toEqual({});
    await merge(ignoring, whole(2, one, 'older'));
    expect(await stored()).toEqual(before);
    expect(await isMarked()).toEqual([false]);
    await merge(ignoring, whole(4, one, 'newer'));
    expect((await warehouse.rows('sessions_comments')).map(({ text }) => text)).toEqual(['newer']);
  });

  describe.each([
    ['marked', marking],
    ['marked with its texts', keeping],
    ['removed', removing],
    ['ignored', ignoring],
  ])('once it is %s', (_how, choice) => {
    it('is there again in full as soon as ET has it again', async () => {
      await merge(choice, whole(1));
      const before = await stored();
      await merge(choice, gone(2));
      await merge(choice, whole(3));
      expect(await stored()).toEqual(before);
      expect(await isMarked()).toEqual([false]);
      await merge(choice, gone(4));
      await merge(choice, whole(5, one, 'other'));
      expect((await warehouse.rows('sessions_comments')).map(({ text }) => text)).toEqual(['other']);
      expect(await isMarked()).toEqual([false]);
    });

    it('is not changed by an older batch, nor by its tombstone again', async () => {
      await merge(choice, whole(1));
      await merge(choice, gone(5));
      const before = { ...(await warehouse.everything()), etl_inbox: [] };
      await warehouse.merge([batchOf([whole(3, one, 'older')])], LATER, choice);
      await warehouse.merge([batchOf([gone(5)]), batchOf([gone(4)])], LATER, choice);
      expect({ ...(await warehouse.everything()), etl_inbox: [] }).toEqual(before);
    });

    it('leaves no raw form of a reject, be it rejected before or later', async () => {
      const reject = (key: string, runId: string) =>
        warehouse.merge([batchOf([answeredOf(key, [], 'rejected')], { runId, rejects: [{ key, reason: 'no date', raw: '{"a":1}' }] })], NOW, choice); // prettier-ignore
      await reject(one, 'run-1');
      await reject(other, 'run-1');
      await merge(choice, gone(2));
      await reject(one, 'run-2');
      const left = await warehouse.query<{ key: string; reason: string; raw: unknown }>('select "key", reason, "raw" from etl_rejects order by run_id'); // prettier-ignore
      const ofKey = (key: string) => left.filter((row) => row.key === key);
      expect(ofKey(one)).toEqual([
        { key: one, reason: 'no date', raw: null },
        { key: one, reason: 'no date', raw: null },
      ]);
      expect(ofKey(other)).toMatchObject([{ raw: expect.anything() as unknown }]);
    });

    it('makes no row where it was never stored', async () => {
      await merge(choice, gone(2));
      expect(await stored()).toEqual(Object.fromEntries(told.map((table) => [table, []])));
    });

    it('keeps what is newer than its tombstone, which came late', async () => {
      await merge(choice, whole(1));
      await merge(choice, whole(4, one, 'newer'));
      const before = await stored();
      await merge(choice, gone(3));
      expect(await stored()).toEqual(before);
      expect(await isMarked()).toEqual([false]);
    });
  });

  it.each([
    ['marked', marking],
    ['removed', removing],
  ] as const)('when %s leaves a newer document of it, and no session in the views', async (_how, choice) => {
    // prettier-ignore
    const comment = commentsOf(4, 'newer');
    const info = sessionDocument(one, 'detail', 4, { sessions: [{ id: one, additional_info: '"newer"' }] });
    await merge(choice, whole(1), answeredOf(one, [comment]));
    await merge(choice, gone(3));
    await merge(choice, answeredOf(one, [info]));
    expect((await warehouse.rows('sessions_comments')).map(({ text }) => text)).toEqual(['newer']);
    expect(await warehouse.rows('sessions')).toMatchObject([{ caller_id: null, additional_info: '"newer"' }]);
    expect(await isMarked()).toEqual([true]);
    await merge(choice, gone(5));
    expect(JSON.stringify(await stored())).not.toContain('newer');
  });

  it('has its own extra fields where no detail of it was ever asked for and a tombstone comes late', async () => {
    await merge(marking, whole(4));
    await merge(marking, gone(2));
    expect(await warehouse.rows('sessions')).toMatchObject([{ additional_info: '"Олена"' }]);
  });

  async function ofSession(key: string) {
    const all = Object.values(await stored()).flat();
    return all.filter(({ id, session_id }) => id === key || session_id === key);
  }
}

const told = [
  'sessions',
  'sessions_tags',
  'sessions_crm_statuses',
  'sessions_scores',
  'sessions_summaries',
  'sessions_comments',
  'sessions_transcripts',
];

function gone(version: number, key = one): Answered {
  return { ...answeredOf(key, [], 'gone'), gone: version };
}

/** A session with every document, and a name in all that is personal. */
function whole(version: number, key = one, comment = 'Олена'): Answered {
  const document = (name: 'session' | 'scores' | 'summary' | 'transcripts', rows: RowDocument['rows']) =>
    sessionDocument(key, name, version, rows);
  return answeredOf(key, [
    document('session', {
      sessions: [
        {
          type: 'call',
          agent_id: 5,
          duration: 61.5,
          queue_name: 'sales',
          caller_id: 'Олена',
          filename: 'Олена.wav',
          additional_info: '"Олена"',
        },
      ],
      sessions_tags: [
        { tag_id: 20, score: 0.5, matched_corpus_text: 'Олена', matched_query_text: 'name', meta: '{"text":"Олена"}' },
      ],
      sessions_crm_statuses: [{ crm_status: 'Paid' }],
    }),
    document('scores', { sessions_scores: [{ scorecard_point_id: 100, score: 4, comment: 'Олена' }] }),
    document('summary', {
      sessions_summaries: [
        { et_id: 's1', text: 'Олена' },
        { et_id: 's2', text: 'Олена' },
      ],
    }),
    commentsOf(version, comment, key),
    document('transcripts', {
      sessions_transcripts: [{ transcript_id: 1, position: 0, text: 'Олена', speaker: 'client', details: '{"a":1}' }],
    }),
  ]);
}

function commentsOf(version: number, text: string, key = one): RowDocument {
  return sessionDocument(key, 'comments', version, {
    sessions_comments: [{ et_id: 'c1', author_id: 7, text, comments: 'Олена' }],
  });
}
