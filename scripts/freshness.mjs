import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether node_modules holds what the lock file asks for.
 * @param {{ packages: Record<string, { version?: string, optional?: boolean }> } | undefined} lock package-lock.json
 * @param {{ packages: Record<string, { version?: string }> } | undefined} installed node_modules/.package-lock.json,
 *   which npm writes last: an interrupted installation has none
 * @returns {boolean}
 */
export function installIsCurrent(lock, installed) {
  if (!lock || !installed) return false;
  const wanted = Object.entries(lock.packages).filter(([folder]) => folder !== '');
  // An optional package may be missing: it is for another platform.
  return wanted.every(([folder, { version, optional }]) => {
    const present = installed.packages[folder];
    return present ? present.version === version : optional === true;
  });
}

const SOURCES = ['apps', 'libs', 'test', 'scripts', 'tsconfig.json', 'package-lock.json'];

/**
 * Whether the last build, marked by the time of the stamp file, is newer than every source.
 * @param {string} root the project's folder
 * @param {string} stamp the file touched after a build
 * @returns {boolean}
 */
export function buildIsCurrent(root, stamp) {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return SOURCES.every((name) => newest(path.join(root, name)) < built);
}

function newest(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder's own time changes when a file is added or taken away.
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}
