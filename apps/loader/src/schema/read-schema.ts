import type { Transaction } from '../transaction.js';
import { readCatalog } from './catalog.js';
import type { Grammar } from './grammar.js';
import type { FoundSchema, FoundView } from './plan.js';
import { editionName } from './views.js';

/** Rows as a dialect's query for views gives them. */
interface ViewRow {
  readonly view_name: string;
  readonly column_name: string;
}

/** Everything the database holds, views with the editions that the loader noted for its own. */
export async function readSchema(tx: Transaction, grammar: Grammar): Promise<FoundSchema> {
  const tables = await readCatalog(tx, grammar);
  const columns = await tx.query<ViewRow>(grammar.catalog.views);
  const { quote, qualified } = grammar;
  const state = tables.has('etl_state')
    ? await tx.query<{ name: string; value: string | null }>(
        `select ${quote('name')}, ${quote('value')} from ${qualified('etl_state')}`,
      )
    : [];
  const noted = new Map(state.map(({ name, value }) => [name, value]));
  const views = [...Map.groupBy(columns, ({ view_name }) => view_name)].map(([view, parts]): [string, FoundView] => [
    view,
    { columns: parts.map(({ column_name }) => column_name), edition: noted.get(editionName(view)) ?? null },
  ]);
  return { tables, views: new Map(views) };
}
