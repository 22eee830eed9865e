import { z } from 'zod';

import type { SettingName } from './catalogue.js';
import type { Environment } from './environment.js';
import { ConfigurationError, formOf, type Problem } from './problems.js';

/** Reads something out of the environment; what is wrong becomes issues, so that all of it is told at once. */
export type Reader<T> = z.ZodType<T, Environment>;

/** A rule turns a setting's text into its value; undefined where it makes no sense. */
export interface Rule<T> {
  readonly read: (text: string) => T | undefined;
  /** What would be right, as a phrase after a semicolon: `set a whole number from 1 to 512`. */
  readonly mend: string;
  /** What is wrong with a text, where its form alone does not say. Never part of a secret. */
  readonly problem?: (text: string) => string;
}

export type Report = (problem: Problem) => void;

/** A schema that reads settings which belong together. What `read` gives after a report is never looked at. */
export function reader<T>(read: (environment: Environment, report: Report) => T | undefined): Reader<T> {
  return z.custom<Environment>().transform((environment, context) => {
    const report: Report = (problem) => context.addIssue({ code: 'custom', params: problem });
    return read(environment, report) as T;
  });
}

/** One setting that may be absent. */
export function optional<T>(name: SettingName, rule: Rule<T>): Reader<T | undefined> {
  return reader<T | undefined>((environment, report) => take(environment, name, rule, report));
}

/** One setting with a default. */
export function fallingBack<T>(name: SettingName, rule: Rule<T>, fallback: T): Reader<T> {
  return reader((environment, report) => {
    const value = take(environment, name, rule, report);
    return value === undefined ? fallback : value;
  });
}

/** Readers side by side, each over the whole environment. */
export function group<S extends Record<string, z.ZodType<unknown, Environment>>>(
  shape: S,
): Reader<z.output<z.ZodObject<S>>> {
  const names = Object.keys(shape);
  const all = z.object(shape) as unknown as z.ZodType<z.output<z.ZodObject<S>>, Record<string, Environment>>;
  return z
    .custom<Environment>()
    .transform((environment) => Object.fromEntries(names.map((name) => [name, environment])))
    .pipe(all);
}

/** Throws `ConfigurationError` with every problem of `.env` and of the settings the schema reads. */
export function readBy<T>(schema: Reader<T>, environment: Environment): T {
  const result = schema.safeParse(environment);
  const issues = result.success ? [] : result.error.issues;
  const found = issues.map((issue) => ('params' in issue ? issue.params : undefined) as Problem);
  const problems = [...environment.problems, ...found];
  if (!result.success || problems.length > 0) throw new ConfigurationError(problems);
  return result.data;
}

/** The value of one setting; reports what is wrong with it. Undefined where it is absent or wrong. */
export function take<T>(environment: Environment, name: SettingName, rule: Rule<T>, report: Report): T | undefined {
  const fault = environment.faults[name];
  if (fault) {
    report(fault);
    return undefined;
  }
  const text = environment.values[name];
  if (text === undefined) return undefined;
  const value = rule.read(text);
  if (value === undefined) {
    report({ variable: name, problem: rule.problem?.(text) ?? `is ${formOf(text)}`, mend: rule.mend });
  }
  return value;
}
