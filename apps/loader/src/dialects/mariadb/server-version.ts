import { errorOf } from '../faults.js';

const oldest = { MariaDB: [10, 6], MySQL: [8, 0] } as const;

/** Throws, with what is needed, where the server is older than the loader supports. */
export function ensureSupported(version: string): void {
  const server = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
  const [major = 0, minor = 0] = version.split('.', 2).map((part) => Number.parseInt(part, 10));
  const [leastMajor, leastMinor] = oldest[server];
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw errorOf({ kind: 'unsupported', reason: `the server is ${server} ${version}` });
}
