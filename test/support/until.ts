import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until the condition holds, looking every `everyMs` milliseconds. Throws, and says what it waited for, after
 * `withinMs`.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 20_000,
  everyMs = 10,
): Promise<void> {
  for (const end = Date.now() + withinMs; !(await holds()); await pause(everyMs)) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
  }
}
