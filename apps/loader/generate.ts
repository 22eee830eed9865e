import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { format } from 'prettier';

import { rewritePage } from './src/schema/page.js';

/** Writes what docs/warehouse.md says of the specification. After a build: `node dist/apps/loader/generate.js`. */
const file = resolve(import.meta.dirname, '../../../docs/warehouse.md');
await writeFile(file, await format(rewritePage(await readFile(file, 'utf8')), { parser: 'markdown', printWidth: 120 }));
