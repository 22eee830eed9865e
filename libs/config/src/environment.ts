import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { catalogue, readsFile, settingNames, type SettingName } from './catalogue.js';
import { parseDotenv } from './dotenv.js';
import type { Problem } from './problems.js';

/** Every known setting as text, found by name, by the original's lower-case name, or in a file. */
export interface Environment {
  /** Where relative paths start. */
  readonly folder: string;
  readonly values: Readonly<Partial<Record<SettingName, string>>>;
  /** Settings that were given but could not be read; told by whoever needs them. */
  readonly faults: Readonly<Partial<Record<SettingName, Problem>>>;
  /** What is wrong with `.env` itself. */
  readonly problems: readonly Problem[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the process's environment and `.env` of `folder`; the process wins. Never throws: what is wrong is told by
 * the `…Settings` functions together with all else. An empty value counts as none,
 * and one of the process hides what `.env` says.
 */
export function readEnvironment(variables: Variables, folder: string): Environment {
  const file = readDotenv(resolve(folder, '.env'));
  const values: Partial<Record<SettingName, string>> = {};
  const faults: Partial<Record<SettingName, Problem>> = {};
  for (const name of settingNames) {
    const found = find(name, variables) ?? find(name, file.values);
    if (!found) continue;
    const text = 'file' in found ? readSecret(name, resolve(folder, found.file)) : found;
    if ('fault' in text) faults[name] = text.fault;
    else if (text.value !== '') values[name] = text.value;
  }
  return { folder, values, faults, problems: file.problems };
}

/** What this process was started with, and `.env` of its working directory. */
export function processEnvironment(): Environment {
  return readEnvironment(process.env, process.cwd());
}

/** Whether a setting is set at all, well or not. */
export function isSet(environment: Environment, name: SettingName): boolean {
  return name in environment.values || name in environment.faults;
}

/** The value of a setting, the file that holds it, or what is wrong; nothing where this source does not name it. */
function find(
  name: SettingName,
  source: Variables,
): { value: string } | { file: string } | { fault: Problem } | undefined {
  const given = either(name, source);
  const file = readsFile(name) ? either(`${name}_FILE`, source) : {};
  const clash = given.clash ?? file.clash;
  if (clash) {
    return { fault: { variable: name, problem: `differs from ${clash}`, mend: 'keep only one of the two' } };
  }
  if (given.value && file.value) {
    return { fault: { variable: name, problem: `is set, and ${name}_FILE too`, mend: 'keep only one of the two' } };
  }
  if (file.value) return { file: file.value };
  return given.value === undefined ? undefined : { value: given.value };
}

function either(name: string, source: Variables): { value?: string; clash?: string } {
  const lower = name.toLowerCase();
  const [upperValue, lowerValue] = [source[name], source[lower]];
  if (upperValue && lowerValue && upperValue !== lowerValue) return { clash: lower };
  const value = upperValue || lowerValue || (upperValue ?? lowerValue);
  return value === undefined ? {} : { value };
}

/** Editors end files with a line break that is no part of the secret. */
function readSecret(name: SettingName, path: string): { value: string } | { fault: Problem } {
  const fault = (problem: string): { fault: Problem } => ({
    fault: {
      variable: `${name}_FILE`,
      problem,
      mend: `name a file that holds ${catalogue[name].meaning.toLowerCase()}`,
    },
  });
  try {
    const value = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return value === '' ? fault('names an empty file') : { value };
  } catch (error) {
    return fault(`names a file that cannot be read (${codeOf(error)})`);
  }
}

function readDotenv(path: string): { values: Variables; problems: readonly Problem[] } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { values: {}, problems: [] };
    const problem = { variable: '.env', problem: `cannot be read (${codeOf(error)})`, mend: 'make it a readable file' };
    return { values: {}, problems: [problem] };
  }
  try {
    return parseDotenv(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const problem = { variable: '.env', problem: 'is not UTF-8 text', mend: 'save it as UTF-8' };
    return { values: {}, problems: [problem] };
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unreadable';
}
