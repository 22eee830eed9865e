import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildIsCurrent, installIsCurrent } from './freshness.mjs';

describe('whether the installation is current', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/zod': { version: '4.6.7' },
      'node_modules/fsevents': { version: '2.3.3', optional: true },
    },
  };

  it('is when every package is there in its version, but for optional ones of other platforms', () => {
    expect(installIsCurrent(lock, { packages: { 'node_modules/zod': { version: '4.6.7' } } })).toBe(true);
  });

  it.each([
    ['nothing was installed', undefined],
    ['a package is missing', { packages: {} }],
    ['a package is older', { packages: { 'node_modules/zod': { version: '4.6.6' } } }],
    [
      'an optional package is older',
      { packages: { 'node_modules/zod': { version: '4.6.7' }, 'node_modules/fsevents': { version: '2.3.2' } } },
    ],
  ])('is not when %s', (_, installed) => {
    expect(installIsCurrent(lock, installed)).toBe(false);
  });
});

describe('whether the build is current', () => {
  let root: string;
  const file = (name: string, minute: number): string => {
    const full = path.join(root, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, '');
    const at = new Date(2026, 0, 1, 0, minute);
    utimesSync(full, at, at);
    // The folder as well: making the file has just changed it.
    utimesSync(path.dirname(full), at, at);
    return full;
  };

  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'etl-freshness-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it('is not without a build', () => {
    expect(buildIsCurrent(root, path.join(root, 'dist/.built'))).toBe(false);
  });

  it('is when no source is newer', () => {
    file('libs/a.ts', 1);
    expect(buildIsCurrent(root, file('dist/.built', 2))).toBe(true);
  });

  it('is not when a source, however deep, is newer', () => {
    const stamp = file('dist/.built', 2);
    file('apps/cli/src/deep/b.ts', 3);
    expect(buildIsCurrent(root, stamp)).toBe(false);
  });
});
