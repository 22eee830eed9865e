import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { dist } from './processes.js';

export interface Build {
  /** Where its compiled apps are. */
  readonly folder: string;
  remove(): void;
}

/**
 * This build as a version before it was, or one after it will be: the same but for one line of a compiled file. Throws
 * where that line is not there exactly once.
 */
export function otherBuild(file: string, line: RegExp, instead: string): Build {
  const root = path.dirname(dist);
  const copy = mkdtempSync(path.join(tmpdir(), 'etl-build-'));
  const folder = path.join(copy, 'dist');
  for (const part of ['apps', 'libs']) cpSync(path.join(dist, part), path.join(folder, part), { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(copy, 'package.json'));
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const changed = path.join(folder, file);
  const parts = readFileSync(changed, 'utf8').split(line);
  if (parts.length !== 2) throw new Error(`${file} holds ${line.source} ${parts.length - 1} times`);
  writeFileSync(changed, parts.join(instead));
  return { folder, remove: () => rmSync(copy, { recursive: true }) };
}
