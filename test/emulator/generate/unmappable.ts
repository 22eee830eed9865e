import type { Item } from './dictionaries.js';

/** Gives a session one value that no column can take; which one depends on the number. */
export function spoil(session: Item, number: number): Item {
  switch (number % 4) {
    case 0:
      return { ...session, duration: { seconds: 12 } };
    case 1:
      return { ...session, start_dt: 'yesterday at noon' };
    case 2:
      return { ...session, agent_id: 'the seventeenth' };
    default:
      return { ...session, tags: 'none' };
  }
}
