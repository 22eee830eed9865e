import fc from 'fast-check';

import { rootOf, tables, type Answered, type Row } from '#contracts';

import { answeredOf, batchOf, uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { NOW, Warehouse } from './warehouse-harness.js';
import { answerOf, apart, cut, disorder, modelOf, told, unordered } from './warehouse-model.js';

/** Each run is two histories of some ten transactions. */
const numRuns = { sqlite: 80, postgresql: 20, mariadb: 10, mssql: 4 };

const tombstone = fc
  .record({ key: fc.nat(4), gone: fc.integer({ min: 1, max: 7 }) })
  .map(({ key, gone }): Answered => ({ ...answeredOf(uuidOf(key), [], 'gone'), gone }));
const answers = fc.oneof({ weight: 3, arbitrary: told.map(answerOf) }, { weight: 2, arbitrary: tombstone });
const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
const histories = fc
  .array(answers, { minLength: 1, maxLength: 15 })
  .chain((given) => fc.tuple(disorder(given), sizes).map(([again, cuts]) => ({ given, again: cut(again, cuts) })));

describeDialects('deletions and answers in any order', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it.each(['mark', 'remove'] as const)('end alike where DELETE_MODE is %s', async (mode) => {
    const deliver = async (groups: readonly Answered[][]) => {
      await warehouse.empty();
      for (const group of groups) {
        const batches = apart(group).map((some) => batchOf(some));
        await warehouse.merge(batches, NOW, { mode, keepTexts: false });
      }
      return (await warehouse.everything())['etl_versions'];
    };
    await fc.assert(
      fc.asyncProperty(histories, async ({ given, again }) => {
        const versions = await deliver(cut(given, [4]));
        expect(await deliver(again)).toEqual(versions);
        await expectModel(given, mode);
      }),
      { numRuns: numRuns[dialect] },
    );
  });

  /** Documents newer than every tombstone are there in full; of others nothing is left, or nothing personal. */
  async function expectModel(given: readonly Answered[], mode: 'mark' | 'remove'): Promise<void> {
    const last = (key: unknown) => Math.max(...given.map((one) => (one.key === key ? (one.gone ?? 0) : 0)));
    const standing = given.map((one) => ({ ...one, documents: one.documents.filter(({ version }) => version > last(one.key)) })); // prettier-ignore
    const stands = (key: unknown, document?: string) =>
      standing.some((one) => one.key === key && one.documents.some((found) => document === undefined || found.document === document)); // prettier-ignore
    const { sessions = [], ...children } = modelOf(standing);

    for (const [name, rows] of Object.entries(children)) {
      const table = tables.find((candidate) => candidate.name === name);
      const stored = await warehouse.rows(name);
      const [there, dropped] = parted(stored, ({ session_id }) => stands(session_id, table?.document));
      expect([name, unordered(there)]).toEqual([name, unordered(rows)]);
      expect(mode === 'mark' ? dropped.flatMap((row) => personalIn(name, row)) : dropped).toEqual([]);
    }

    const isThere = ({ id }: Row) => stands(id, 'session') || last(id) === 0;
    const [there, dropped] = parted(await warehouse.rows('sessions'), isThere);
    expect(unordered(there)).toEqual(unordered(sessions.filter(isThere)));
    const ofDetails = sessions.filter((row) => !isThere(row) && row['additional_info'] !== null);
    expect(unordered(dropped.flatMap((row) => personalIn('sessions', row)))).toEqual(unordered(ofDetails.map((row) => [row['additional_info']]))); // prettier-ignore
    expect(await markedIds()).toEqual(dropped.map(({ id }) => id).sort());
    if (mode === 'remove') expect(dropped.filter(({ id }) => !stands(id))).toEqual([]);
  }

  async function markedIds(): Promise<string[]> {
    const rows = await warehouse.query<{ id: string }>('select id from sessions where _etl_deleted_at is not null');
    return rows.map(({ id }) => id.toLowerCase()).sort();
  }
});

/** What a row says of persons; one list a row that says anything. */
function personalIn(table: string, row: Row): Row[string][][] {
  const { columns } = tables.find(({ name }) => name === table) ?? rootOf('session');
  const cells = columns.flatMap(({ name, personal }) => (personal ? [row[name] ?? null] : []));
  return cells.every((cell) => cell === null) ? [] : [cells.filter((cell) => cell !== null)];
}

function parted<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}
