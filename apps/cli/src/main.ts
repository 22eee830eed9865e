#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { isTooOld, NODE_NEEDED } from './node-version.js';

/** The Node of the dev dependency `node`, seen from `dist/apps/cli/src`. */
const BUNDLED = fileURLToPath(new URL('../../../../node_modules/node/bin/node', import.meta.url));

if (!isTooOld(process.versions.node)) {
  const { main } = await import('./cli.js');
  // A broker that is given up on would be tried for ever.
  process.exit(await main(process.argv.slice(2)));
} else if (existsSync(BUNDLED)) {
  const child = spawn(BUNDLED, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} else {
  process.stderr.write(`et-etl needs ${NODE_NEEDED}; this is ${process.version}. Run npm ci, which brings one.\n`);
  process.exitCode = 2;
}
