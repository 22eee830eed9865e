import fc from 'fast-check';

import type { Answered } from '#contracts';

import { answeredOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { one, tags, Warehouse } from './warehouse-harness.js';

const MIB = 1_048_576;

const texts = [
  '',
  ' ',
  'Ґанок їжака — «Привіт», ось ціна: 5 ₴',
  '👩‍👩‍👧‍👦 🇺🇦 𐍈 𠜎',
  'שלום עולם ‏مرحبا بالعالم‎',
  'e\u0301 \u00e9 \u1e9b\u0323 \u0041\u030a',
  `o'clock, ''twice'', "quoted" and \`ticked\``,
  'C:\\path\\n \\u0041 \\\\ \\',
  'lines\nof\r\nmany\tkinds\u2028\u2029\u0085',
  '$1 ? @1 :name %s {0} -- /* no comment */ ; drop table sessions',
  '\u0001\u001f\u007f\ufeff\uffff',
  '{"looks": "like JSON"}',
  'null',
];

describeDialects('texts', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect);

  it('of every script come back as they were sent, as keys and in JSON too', () => expectBack(texts));

  it('of any code points come back as they were sent', async () => {
    const any = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'));
    await expectBack(fc.sample(any, { numRuns: 200, seed: 1 }));
  });

  it('of keys are told apart by code point', async () => {
    const keys = ['paid', 'Paid', 'PAID', 'päid', 'pa\u0308id', 'раid', 'ｐａｉｄ', ' paid'];
    const answered = (version: number) =>
      answeredOf(one, [
        sessionDocument(one, 'session', version, { sessions_crm_statuses: keys.map((crm_status) => ({ crm_status })) }),
        sessionDocument(one, 'comments', version, {
          sessions_comments: keys.map((et_id) => ({ et_id, text: `${et_id} ${version}` })),
        }),
      ]);
    for (const version of [1, 2]) await warehouse.mergeOne([answered(version)]);
    const found = await warehouse.rows('sessions_crm_statuses');
    expect(found.map(({ crm_status }) => crm_status).sort()).toEqual([...keys].sort());
    const comments = await warehouse.rows('sessions_comments');
    expect(comments.map(({ text }) => text).sort()).toEqual(keys.map((key) => `${key} 2`).sort());
  });

  it('of a megabyte are kept whole, and so is what replaces them', async () => {
    for (const [version, letter] of ['ї', '🙂', 'x'].entries()) {
      const text = letter.repeat(MIB / letter.length);
      const json = JSON.stringify({ text });
      const documents = [
        sessionDocument(one, 'session', version + 1, { sessions: [{ filename: text, overlaps_data: json }] }),
        sessionDocument(one, 'summary', version + 1, { sessions_summaries: [{ et_id: 'long', text }] }),
      ];
      await warehouse.mergeOne([answeredOf(one, documents)]);
      const [session] = await warehouse.rows('sessions');
      const [summary] = await warehouse.rows('sessions_summaries');
      // Compared as truths: a difference of megabytes helps nobody.
      const kept = [session?.['filename'] === text, session?.['overlaps_data'] === json, summary?.['text'] === text];
      expect(kept).toEqual([true, true, true]);
    }
  });

  it('with U+0000, which the transformer removes, are kept whole or set aside by name, and hold up no other', async () => {
    const [odd, well] = [uuidOf(2), uuidOf(3)];
    const text = 'before\0after';
    const answered = sessionDocument(odd, 'session', 1, {
      sessions: [{ type: text }],
      sessions_crm_statuses: [{ crm_status: text }],
    });
    const { rejected } = await warehouse.mergeOne([
      tags(1, [{ tag_id: 1 }]),
      answeredOf(odd, [answered]),
      tags(1, [], well),
    ]);
    const found = await warehouse.rows('sessions');
    const kept = found.find(({ id }) => id === odd);
    if (rejected.length > 0)
      expect([rejected.map(({ entry }) => entry), kept]).toEqual([[`session ${odd}`], undefined]);
    else expect(kept).toMatchObject({ type: text });
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining([one, well]));
  });

  /** Stores each as a text, a key and within JSON; says it again; then changes what stands beside it. */
  async function expectBack(given: readonly string[]): Promise<void> {
    const session = (version: number, direction: string) =>
      given.map((text, index): Answered => {
        const key = uuidOf(index);
        return answeredOf(key, [
          sessionDocument(key, 'session', version, {
            sessions: [{ type: text, direction, overlaps_data: JSON.stringify({ [text]: [text] }) }],
            sessions_crm_statuses: [{ crm_status: text }],
          }),
        ]);
      });
    await warehouse.mergeOne(session(1, 'in'));
    await warehouse.mergeOne(session(2, 'out'));
    const found = new Map((await warehouse.rows('sessions')).map((row) => [row['id'], row]));
    const keys = new Map((await warehouse.rows('sessions_crm_statuses')).map((row) => [row['session_id'], row]));
    expect(keys.size).toBe(given.length);
    for (const [index, text] of given.entries()) {
      const [row, key] = [found.get(uuidOf(index)), keys.get(uuidOf(index))];
      expect([row?.['type'], key?.['crm_status'], JSON.parse(String(row?.['overlaps_data']))]).toEqual([text, text, { [text]: [text] }]); // prettier-ignore
      expect(row?.['direction']).toBe('out');
    }
  }
});
