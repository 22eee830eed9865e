import fc from 'fast-check';

import { TOMBSTONE } from '../ledger-tables.js';
import { fold, supersedes, type Edition } from './rule.js';

const edition = fc.record({
  version: fc.integer({ min: 1, max: 4 }),
  hash: fc.constantFrom('0a', 'ff', '3c', TOMBSTONE),
});
const answer = fc
  .dictionary(fc.constantFrom('root', 'scores', 'summary'), edition)
  .map((one) => new Map(Object.entries(one)));
const none: ReadonlyMap<string, Edition> = new Map();
const foldAll = (answers: ReadonlyMap<string, Edition>[]) => answers.reduce(fold, none);

describe('the merge rule', () => {
  it('gives one result for shuffled and repeated answers', () => {
    fc.assert(
      fc.property(fc.array(answer), fc.infiniteStream(fc.nat()), (answers, stream) => {
        const random = () => stream.next().value ?? 0;
        const again = answers.filter(() => random() % 2 === 0);
        const shuffled = [...answers, ...again].map((one) => ({ one, at: random() })).sort((a, b) => a.at - b.at);
        expect(foldAll(shuffled.map(({ one }) => one))).toEqual(foldAll(answers));
      }),
    );
  });

  it('gives one result however answers are grouped', () => {
    fc.assert(
      fc.property(answer, answer, answer, (a, b, c) => {
        expect(foldAll([fold(a, b), c])).toEqual(foldAll([a, fold(b, c)]));
      }),
    );
  });

  it('keeps the greatest version of every document', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1 }), (answers) => {
        for (const [name, { version }] of foldAll(answers)) {
          expect(version).toBe(Math.max(...answers.map((one) => one.get(name)?.version ?? 0)));
        }
      }),
    );
  });

  it('does not replace an edition by itself', () => {
    fc.assert(fc.property(edition, (one) => !supersedes(one, one) && supersedes(one, null)));
  });

  it('lets a confirmed deletion win over an answer of the same moment', () => {
    expect(supersedes({ version: 1, hash: TOMBSTONE }, { version: 1, hash: 'f'.repeat(32) })).toBe(true);
  });
});
