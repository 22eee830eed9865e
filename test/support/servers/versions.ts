/** Orders names that hold version numbers, newest first: `/usr/lib/postgresql/15/bin` before `/usr/lib/postgresql/9.6/bin`. */
export function newestFirst(names: readonly string[]): string[] {
  return [...names].sort((left, right) => compareVersions(versionIn(right), versionIn(left)));
}

function versionIn(name: string): number[] {
  return (/\d+(\.\d+)*/.exec(name)?.[0] ?? '').split('.').map(Number);
}

function compareVersions(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((part, index) => part !== right[index]);
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? 0);
}

/** The version in what a server says of itself: `PostgreSQL 15.14 (Debian…)` and `10.11.14-MariaDB-0+deb12u2` alike. */
export function versionOf(banner: string): string {
  return /\d+(\.\d+)+/.exec(banner)?.[0] ?? banner.trim();
}
