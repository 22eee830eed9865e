import { tables, type Answered, type Column, type Row } from '#contracts';

import { answeredOf, batchOf, itemDocument, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { tags, Warehouse } from './warehouse-harness.js';

/** SQL Server's protocol takes 2,100 parameters a statement, SQLite 32,766, PostgreSQL and MariaDB 65,535. */
const MANY = 2_500;
const keys = Array.from({ length: MANY }, (_, index) => uuidOf(index));
const columns = tables.find(({ name }) => name === 'sessions')?.columns ?? [];

describeDialects('more than a statement has parameters', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it('is inserted, updated and marked as gone: sessions with every column', async () => {
    const sessions = (version: number): Answered[] =>
      keys.map((key) => answeredOf(key, [sessionDocument(key, 'session', version, { sessions: [wideRow(version)] })]));
    for (const version of [1, 2]) {
      const { written } = await warehouse.mergeOne(sessions(version));
      expect(written).toMatchObject({ sessions: MANY });
      const found = await warehouse.rows('sessions');
      expect(found).toHaveLength(MANY);
      for (const row of found) expect(row).toMatchObject(wideRow(version));
    }
    await warehouse.mergeOne(keys.map((key) => ({ ...answeredOf(key, [], 'gone'), gone: 3 })));
    const [marked] = await warehouse.query<{ n: unknown }>(
      'select count(*) as n from sessions where _etl_deleted_at is not null',
    );
    expect(Number(marked?.n)).toBe(MANY);
  });

  it('is made equal and emptied: sets of as many owners', async () => {
    const answers = (version: number, rows: Row[]) => [batchOf(keys.map((key) => tags(version, rows, key)))];
    await warehouse.merge(answers(1, [{ tag_id: 1 }, { tag_id: 2 }]));
    await warehouse.merge(answers(2, [{ tag_id: 2, score: 1 }]));
    expect(await warehouse.rows('sessions_tags')).toHaveLength(MANY);
    await warehouse.merge(answers(3, []));
    expect(await warehouse.rows('sessions_tags')).toEqual([]);
  });

  it('moves and goes: children of one owner', async () => {
    const card = (version: number, id: number, points: readonly number[]) =>
      answeredOf(String(id), [
        itemDocument('scorecards', version, {
          scorecards: [{ id }],
          scorecard_points: points.map((point) => ({ id: point, scorecard_id: id })),
        }),
      ]);
    const merge = (...cards: Answered[]) => warehouse.merge([batchOf(cards, { entity: 'scorecards' })]);
    const points = keys.map((_, index) => index);
    await merge(card(1, 1, points));
    await merge(card(2, 1, []), card(2, 2, points));
    const found = await warehouse.rows('scorecard_points');
    expect([found.length, new Set(found.map(({ scorecard_id }) => scorecard_id))]).toEqual([MANY, new Set([2])]);
    await merge(card(3, 2, [7]));
    expect(await warehouse.rows('scorecard_points')).toMatchObject([{ id: 7, scorecard_id: 2 }]);
  });
});

/** Every column but the id. */
function wideRow(version: number): Row {
  return Object.fromEntries(
    columns.filter(({ name }) => name !== 'id').map((column) => [column.name, valueOf(column, version)]),
  );
}

function valueOf({ type }: Column, version: number): Row[string] {
  switch (type) {
    case 'bool':
      return version % 2 === 0;
    case 'datetime':
      return `2026-03-0${version} 10:00:00.000001`;
    case 'json':
      return `{"version":${version}}`;
    case 'uuid':
      return uuidOf(version);
    case 'text':
    case 'key':
      return `version ${version}`;
    default:
      return version;
  }
}
