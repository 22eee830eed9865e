import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { serverKinds, type ServerKind } from './servers/kinds.js';
import { servedDialects } from './suites.js';

/**
 * The servers that spec files, or files beside them that they import, name: `describeWith('rabbitmq', …)`. Suites of
 * every dialect name none and need all that dialects have.
 */
export function serversNamedIn(specs: readonly string[]): ServerKind[] {
  const texts = [...withImports(specs)].map((file) => readFileSync(file, 'utf8'));
  const suites = texts.filter((text) => text.includes('describeWith('));
  const served: readonly ServerKind[] = texts.some((text) => /describe(Dialects|Served)\(/.test(text))
    ? servedDialects
    : [];
  return serverKinds.filter((kind) => served.includes(kind) || suites.some((text) => text.includes(`'${kind}'`)));
}

function withImports(specs: readonly string[]): Set<string> {
  const files = new Set(specs);
  // A set visits what is added to it on the way.
  for (const file of files) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/from '\.\/([\w-]+)\.js'/g)) {
      const beside = path.join(path.dirname(file), `${name}.ts`);
      if (existsSync(beside)) files.add(beside);
    }
  }
  return files;
}
