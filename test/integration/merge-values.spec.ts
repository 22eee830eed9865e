import fc from 'fast-check';

import type { Row } from '#contracts';

import { answeredOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { one, Warehouse } from './warehouse-harness.js';

/** The least number a double holds with all its bits. */
const LEAST = 2.2250738585072014e-308;

describeDialects('values', storing);

function storing(dialect: Dialect): void {
  const warehouse = Warehouse.forEachTest(dialect);

  describe('values', () => {
    it.each<[column: string, value: Row[string]]>([
      ['filename', ''],
      ['start_dt', '0001-01-01 00:00:00'],
      ['start_dt', '1752-09-03 23:59:59'],
      ['start_dt', '1900-01-01 00:00:00'],
      ['start_dt', '9999-12-31 23:59:59.999999'],
      ['end_dt', '2026-03-29 02:30:00.123456'],
      ['end_dt', '2026-03-29 02:30:00.000001'],
      ['agent_id', -2_147_483_648],
      ['agent_id', 0],
      ['nps', 2_147_483_647],
      ['is_processed', true],
      ['is_processed', false],
      ['is_processed', null],
      ['overlaps_data', '{"a":[1,null,"ї",{"b":1.5}]}'],
      ['overlaps_data', 'true'],
      ['overlaps_data', '-0.5'],
      ['score_details', '"text"'],
      ['duration_details', '[]'],
      ['duration_details', null],
      ['caller_prev_session_id', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
      ['caller_prev_session_id', 'abcdef01-2345-6789-abcd-ef0123456789'],
    ])('of %s come back as they were sent: %s', async (column, value) => {
      const session = (version: number, direction: string) =>
        sessionDocument(one, 'session', version, { sessions: [{ [column]: value, direction }] });
      await warehouse.mergeOne([answeredOf(one, [session(1, 'in')])]);
      await warehouse.mergeOne([answeredOf(one, [session(2, 'out')])]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ [column]: value, direction: 'out' }]);
    });

    it('of float columns are exact to the last bit', async () => {
      // SQL Server has no numbers below the least normal one.
      const doubles = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => Math.abs(value) >= LEAST);
      const edges = [0, 0.1 + 0.2, 1 / 3, LEAST, -LEAST, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53 + 2, 1e22];
      const values = [...edges, ...fc.sample(doubles, { numRuns: 300, seed: 1 })];
      const sessions = (version: number) =>
        values.map((duration, index) => {
          const row = { duration, silence: -duration || 0, agent_channel: version };
          return answeredOf(uuidOf(index), [sessionDocument(uuidOf(index), 'session', version, { sessions: [row] })]);
        });
      for (const version of [1, 2]) await warehouse.mergeOne(sessions(version));
      const found = new Map((await warehouse.rows('sessions')).map((row) => [row['id'], row]));
      const back = values.map((_, index) => found.get(uuidOf(index)));
      expect(back.map((row) => row?.['duration'])).toEqual(values);
      expect(back.map((row) => row?.['silence'])).toEqual(values.map((value) => -value || 0));
    });

    it('of bigint columns are exact', async () => {
      const ids = ['-9223372036854775808', '-9007199254740993', '9007199254740993', '9223372036854775807'];
      const transcripts = (version: number, text: string) =>
        sessionDocument(one, 'transcripts', version, {
          sessions_transcripts: ids.map((transcript_id) => ({ transcript_id, text })),
        });
      for (const version of [1, 2]) {
        const documents = [sessionDocument(one, 'session', version), transcripts(version, `version ${version}`)];
        await warehouse.mergeOne([answeredOf(one, documents)]);
      }
      const found = await warehouse.rows('sessions_transcripts');
      expect(found.map(({ transcript_id }) => transcript_id).sort()).toEqual([...ids].sort());
      expect(found).toMatchObject(ids.map(() => ({ text: 'version 2' })));
    });

    it('of ids that no dictionary lists are kept', async () => {
      const session = sessionDocument(one, 'session', 1, {
        sessions: [{ agent_id: 404, group_id: 404, default_scorecard_id: 404 }],
        sessions_tags: [{ tag_id: 404 }],
        sessions_reviewers: [{ reviewer_id: 404 }],
      });
      await warehouse.mergeOne([answeredOf(one, [session])]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ agent_id: 404, group_id: 404 }]);
      expect(await warehouse.query('select agent_id, agent_name from v_sessions')).toEqual([
        { agent_id: 404, agent_name: null },
      ]);
      expect(await warehouse.query('select tag_id, tag_name from v_tags')).toEqual([{ tag_id: 404, tag_name: null }]);
    });

    // Elsewhere UUIDs are text, which the loader and ET write in lower case.
    if (dialect === 'postgresql' || dialect === 'mssql') {
      it('of UUIDs are the same in upper case, which others may have written', async () => {
        const id = uuidOf(9);
        const upper = id.toUpperCase();
        await warehouse.run(
          `insert into sessions (id, type) values ('${upper}', 'theirs')`,
          `insert into sessions_tags (session_id, tag_id) values ('${upper}', 1)`,
        );
        await warehouse.mergeOne([
          answeredOf(id, [
            sessionDocument(id, 'session', 1, { sessions: [{ type: 'ours' }], sessions_tags: [{ tag_id: 2 }] }),
          ]),
        ]);
        expect(await warehouse.rows('sessions')).toMatchObject([{ id, type: 'ours' }]);
        expect(await warehouse.rows('sessions_tags')).toMatchObject([{ session_id: id, tag_id: 2 }]);
        await warehouse.mergeOne([{ ...answeredOf(id, [], 'gone'), gone: 2 }]);
        expect(await warehouse.query('select id from sessions where _etl_deleted_at is not null')).toHaveLength(1);
      });
    }
  });
}
