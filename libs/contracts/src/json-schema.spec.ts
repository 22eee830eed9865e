import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { jsonSchemas } from './json-schema.js';

const folder = join(import.meta.dirname, '../schema');

it('has a current file for every message: build, then node dist/libs/contracts/generate.js', () => {
  const files = readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]);
  expect(Object.fromEntries(files)).toEqual(jsonSchemas());
});

it('tells where a message travels', () => {
  expect(jsonSchemas()['raw.json']?.description).toContain('etl.raw.live.v1');
});

it('lets a person leave out what has a default', () => {
  expect(JSON.stringify(jsonSchemas()['commands.json'])).toContain('"required":["type","from","to"]');
});
