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

/** The version in what a server says of itself: `15.18 (Debian 15.18-0+deb12u1)`, `5.5.5-10.11.14-MariaDB-0+deb12u2`. */
export function versionOf(banner: string): string {
  // MariaDB before 11 puts 5.5.5 first, for old clients that read one digit a place.
  return /\d+(\.\d+)+/.exec(banner.replace(/^5\.5\.5-/, ''))?.[0] ?? banner.trim();
}
