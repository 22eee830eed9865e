import { pathToFileURL } from 'node:url';

import type { RowBatch } from '#contracts';
import { createLogger } from '#observability';

import { Database } from '../../apps/loader/src/database.js';
import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { reasonToSkip } from '../support/suites.js';
import { copyAndMerge } from './load-copy.js';
import { preparedLoop } from './load-loop.js';
import { ROWS_PER_SESSION, sampleGroup } from './sample-batches.js';

/** Something that loads what goes into one transaction. */
export interface Loader {
  load(batches: readonly RowBatch[]): Promise<unknown>;
  close(): Promise<void>;
}

const SESSIONS_PER_GROUP = 500;
/** Groups that each loads before anything is measured, until its code is compiled. */
const WARM_UP = 4;

const passes = [
  { pass: 'first load', content: 1, version: 1 },
  { pass: 'every row changed', content: 2, version: 2 },
  { pass: 'nothing changed', content: 2, version: 3 },
];

/** Rows a second of the loader and of what it is measured against, and their ratio. */
export interface LoadFigure {
  readonly database: string;
  readonly pass: string;
  readonly rowsPerSecond: number;
  readonly against: string;
  readonly againstRowsPerSecond: number;
  readonly ratio: number;
}

/** Loads the same rows both ways, transaction by transaction in turns, so that both see the same machine. */
export async function benchLoad(dialect: 'sqlite' | 'postgresql', sessions: number): Promise<LoadFigure[]> {
  const [ours, theirs] = [await freshDatabase(dialect), await freshDatabase(dialect)];
  const [product, plain] = [await productOn(ours), await plainOn(theirs)];
  try {
    const figures: LoadFigure[] = [];
    const groups = Math.ceil(sessions / SESSIONS_PER_GROUP);
    for (let group = groups; group < groups + WARM_UP; group += 1) {
      const text = JSON.stringify(sampleGroup(group, 1, 1));
      for (const loader of [product, plain.loader]) await secondsToLoad(loader, text);
    }
    for (const { pass, content, version } of passes) {
      const seconds = { product: 0, plain: 0 };
      for (let group = 0; group < groups; group += 1) {
        const text = JSON.stringify(sampleGroup(group, content, version));
        const runs = [
          async () => (seconds.product += await secondsToLoad(product, text)),
          async () => (seconds.plain += await secondsToLoad(plain.loader, text)),
        ];
        for (const run of group % 2 === 0 ? runs : runs.reverse()) await run();
      }
      const rows = groups * SESSIONS_PER_GROUP * ROWS_PER_SESSION;
      figures.push({
        database: dialect,
        pass,
        rowsPerSecond: Math.round(rows / seconds.product),
        against: plain.name,
        againstRowsPerSecond: Math.round(rows / seconds.plain),
        ratio: Math.round((100 * seconds.plain) / seconds.product) / 100,
      });
    }
    return figures;
  } finally {
    await Promise.all([product.close(), plain.loader.close()]);
    await Promise.all([ours.drop(), theirs.drop()]);
  }
}

async function productOn({ settings }: FreshDatabase): Promise<Loader> {
  const database = await Database.open(settings, createLogger('bench', 'silent'), []);
  await database.ensureSchema();
  return { load: (batches) => mergeBatches(database, batches, new Date()), close: () => database.close() };
}

async function plainOn(fresh: FreshDatabase): Promise<{ name: string; loader: Loader }> {
  await (await productOn(fresh)).close();
  if (fresh.settings.dialect === 'sqlite') return { name: 'prepared loop', loader: preparedLoop(fresh.settings.file) };
  return { name: 'COPY + merge', loader: await copyAndMerge(fresh.url) };
}

/** Each gets a copy of its own, fresh from JSON as messages are: a first reader pays for flattening built strings. */
async function secondsToLoad(loader: Loader, text: string): Promise<number> {
  const batches = JSON.parse(text) as RowBatch[];
  const started = performance.now();
  await loader.load(batches);
  return (performance.now() - started) / 1000;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sessions = Number(process.argv[2] ?? 20_000);
  console.table(await benchLoad('sqlite', sessions));
  const skipped = reasonToSkip('postgresql');
  if (skipped) console.log(skipped);
  else console.table(await benchLoad('postgresql', sessions));
}
