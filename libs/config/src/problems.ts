/** One thing that is wrong with the configuration, told without its value. */
export interface Problem {
  /** The variable, or `.env line 3`. */
  readonly variable: string;
  /** What is wrong: `is missing`, `is a text of 3 characters`. */
  readonly problem: string;
  /** What would be right, in words. */
  readonly mend: string;
}

/** Everything that is wrong, at once. Its message is ready for a person to read and holds no secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly Problem[]) {
    super(describeProblems(problems));
  }
}

/** A line each: what, why, and what to do. */
export function describeProblems(problems: readonly Problem[]): string {
  const title =
    problems.length === 1 ? 'The configuration has a problem:' : `The configuration has ${problems.length} problems:`;
  return [title, ...problems.map(({ variable, problem, mend }) => `  ${variable} ${problem}; ${mend}`)].join('\n');
}

/**
 * A value's form, to tell a person which value is meant without repeating it: numbers and days are shown, anything
 * else might be a secret in the wrong place.
 */
export function formOf(value: string): string {
  if (value === '') return 'empty';
  if (/^-?\d{1,6}(\.\d{1,6})?$/.test(value) || /^\d{4}-\d{1,2}-\d{1,2}$/.test(value)) return `"${value}"`;
  const quoted = /^(["']).*\1$/.test(value) ? ' in quotes' : '';
  return `a text of ${value.length} ${value.length === 1 ? 'character' : 'characters'}${quoted}`;
}
