import type { Row } from '#contracts';

import { answeredOf, sessionDocument } from '../support/row-batches.js';
import { describeDialects, type Dialect } from '../support/suites.js';
import { one, Warehouse } from './warehouse-harness.js';

describeDialects('values', storing);

function storing(dialect: Dialect): void {
  const warehouse = Warehouse.forEachTest(dialect);

  describe('values', () => {
    it.each<[column: string, value: Row[string]]>([
      ['type', 'Ґанок — 🙂 — o\'clock \\ "quoted" \u2028 \t'],
      ['caller_id', 'x'.repeat(1_048_576)],
      ['filename', ''],
      ['start_dt', '0001-01-01 00:00:00'],
      ['start_dt', '1752-09-03 23:59:59'],
      ['start_dt', '9999-12-31 23:59:59.999999'],
      ['end_dt', '2026-03-29 02:30:00.123456'],
      ['duration', 0.1 + 0.2],
      ['silence', 5e-324],
      ['average_score', -1.7976931348623157e308],
      ['agent_id', -2_147_483_648],
      ['nps', 2_147_483_647],
      ['is_processed', false],
      ['overlaps_data', '{"a":[1,null,"ї",{"b":1.5}]}'],
      ['score_details', '"text"'],
      ['duration_details', '[]'],
      ['caller_prev_session_id', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ])('of %s come back as they were sent', async (column, value) => {
      const session = (version: number, direction: string) =>
        sessionDocument(one, 'session', version, { sessions: [{ [column]: value, direction }] });
      await warehouse.mergeOne([answeredOf(one, [session(1, 'in')])]);
      await warehouse.mergeOne([answeredOf(one, [session(2, 'out')])]);
      expect(await warehouse.rows('sessions')).toMatchObject([{ [column]: value, direction: 'out' }]);
    });

    it('of bigint columns are exact', async () => {
      const ids = ['-9223372036854775808', '9007199254740993', '9223372036854775807'];
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
  });
}
