import type { Database } from '../database.js';
import type { Transaction } from '../transaction.js';
import { storedTables } from './definition.js';
import type { Grammar } from './grammar.js';
import { planSchema, type Catalog } from './plan.js';

/** Adds what is missing in one transaction; replicas that start together wait for each other. */
export async function applySchema(database: Database, grammar: Grammar): Promise<string[]> {
  return database.transaction(async (tx) => {
    for (const statement of grammar.lock) await tx.query(statement);
    const statements = planSchema(storedTables, await readCatalog(tx, grammar), grammar);
    for (const statement of statements) await tx.run(statement);
    return statements;
  });
}

async function readCatalog(tx: Transaction, grammar: Grammar): Promise<Catalog> {
  const tables = new Map<string, Set<string>>();
  const columns = await tx.query<{ table_name: string; column_name: string }>(grammar.columns);
  for (const { table_name, column_name } of columns) {
    tables.set(table_name, (tables.get(table_name) ?? new Set()).add(column_name));
  }
  const indexes = await tx.query<{ index_name: string }>(grammar.indexes);
  return { tables, indexes: new Set(indexes.map(({ index_name }) => index_name)) };
}
