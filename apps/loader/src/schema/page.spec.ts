import { readFileSync } from 'node:fs';

import { format } from 'prettier';

import { ledgerTables } from '../ledger-tables.js';
import { rewritePage } from './page.js';

const page = readFileSync('docs/warehouse.md', 'utf8');

describe('docs/warehouse.md', () => {
  it('is as the specification wants it: npm run docs', async () => {
    expect(await format(rewritePage(page), { parser: 'markdown', printWidth: 120 })).toBe(page);
  });

  it('names every table of the ledger', () => {
    const named = [...page.matchAll(/^\| `(etl_\w+)` /gm)].map(([, name]) => name);
    expect(named).toEqual(ledgerTables.map(({ name }) => name));
  });
});
