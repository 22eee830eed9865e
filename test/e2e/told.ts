import type { Ended } from './processes.js';

/** What stands where passwords do, and must be in no output. */
export const SECRET = 's3cret';

/** Told in words, without a stack and without the secret. */
export function expectTold({ code, stdout, stderr }: Ended, wanted: number, words: RegExp): void {
  expect(stderr).toMatch(words);
  expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(stdout + stderr).not.toContain(SECRET);
  expect(code).toBe(wanted);
}
