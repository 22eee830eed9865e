import type { Database } from '../database.js';
import { readCatalog } from './catalog.js';
import { storedTables } from './definition.js';
import type { Grammar } from './grammar.js';
import { planSchema } from './plan.js';

/** Adds what is missing in one transaction; replicas that start together wait for each other. */
export async function applySchema(database: Database, grammar: Grammar): Promise<string[]> {
  return database.transaction(async (tx) => {
    for (const statement of grammar.lock) await tx.query(statement);
    const statements = planSchema(storedTables, await readCatalog(tx, grammar), grammar);
    for (const statement of statements) await tx.run(statement);
    return statements;
  });
}
