import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { format } from 'prettier';

import { jsonSchemas } from './src/json-schema.js';

/** Writes the JSON Schema files. After a build: `node dist/libs/contracts/generate.js`. */
const folder = resolve(import.meta.dirname, '../../../libs/contracts/schema');
await mkdir(folder, { recursive: true });
for (const [file, schema] of Object.entries(jsonSchemas())) {
  await writeFile(join(folder, file), await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 }));
}
