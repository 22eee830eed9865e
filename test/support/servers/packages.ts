import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { serverFacts, type Source } from './kinds.js';
import { offers } from './order.js';
import { run } from './processes.js';

/** Debian asks this program before it starts a service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Debian packages, installed where we are root on Debian and nobody forbade it. Then their programs are there. */
export function fromPackages(say: (line: string) => void, programs: Source): Source {
  return async (kinds) => {
    const packaged = kinds.filter((kind) => serverFacts[kind].packages.length > 0);
    const packages = packaged.flatMap((kind) => serverFacts[kind].packages);
    const obstacle = reasonNotToInstall();
    if (obstacle) return offers(packaged, () => ({ reason: obstacle }));
    if (packages.length === 0) return new Map();
    say(`Installing Debian packages for the tests: ${packages.join(', ')} (TEST_INSTALL=never prevents it)`);
    try {
      await installPackages(packages);
    } catch (error) {
      say(String(error));
      return offers(packaged, () => ({ reason: `installing ${packages.join(', ')} failed` }));
    }
    return programs(packaged);
  };
}

function reasonNotToInstall(): string | undefined {
  if (process.env['TEST_INSTALL'] === 'never') return 'TEST_INSTALL=never';
  if (!existsSync('/etc/os-release') || !isDebian(readFileSync('/etc/os-release', 'utf8'))) return 'this is not Debian';
  if (process.getuid?.() !== 0) return 'only root can install packages';
  return undefined;
}

/** Debian and what is built on it, by the text of /etc/os-release. */
export function isDebian(osRelease: string): boolean {
  return /^ID(_LIKE)?="?(\w+ )*(debian|ubuntu)\b/m.test(osRelease);
}

/** Never starts the services that packages bring. Throws where apt fails. */
async function installPackages(packages: readonly string[]): Promise<void> {
  const guarded = !existsSync(POLICY);
  if (guarded) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY, 0o755);
  }
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const patient = ['-q', '-o', 'DPkg::Lock::Timeout=120'];
    await run('apt-get', [...patient, 'update'], { env });
    await run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...packages], { env });
  } finally {
    if (guarded) rmSync(POLICY, { force: true });
  }
}
