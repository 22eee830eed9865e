import { FieldNotices } from './field-notices.js';

describe('notices of unknown fields', () => {
  it('names a field once per run', () => {
    const notices = new FieldNotices();
    expect(notices.untold('one', ['a', 'b'])).toEqual(['a', 'b']);
    expect(notices.untold('one', ['b', 'c'])).toEqual(['c']);
    expect(notices.untold('two', ['b'])).toEqual(['b']);
  });

  it('forgets the run heard of longest ago first', () => {
    const notices = new FieldNotices();
    notices.untold('first', ['a']);
    notices.untold('second', ['a']);
    for (let run = 0; run < 15; run += 1) {
      notices.untold('first', []);
      notices.untold(`run ${run}`, ['a']);
    }
    expect(notices.untold('first', ['a'])).toEqual([]);
    expect(notices.untold('second', ['a'])).toEqual(['a']);
  });

  it('stops naming after a thousand fields of a run', () => {
    const notices = new FieldNotices();
    const many = Array.from({ length: 1500 }, (_, index) => `field ${index}`);
    expect(notices.untold('run', many)).toHaveLength(1000);
    expect(notices.untold('run', many)).toEqual([]);
  });
});
