import { existsSync } from 'node:fs';

import { isSet, ledgerSettings, type DatabaseSettings, type Environment } from '#config';

import type { Dialect } from '../../../loader/src/dialects/connection.js';
import { dialectOf } from '../../../loader/src/dialects/dialects.js';
import { planOfEmpty, statementsOf, type Change } from '../../../loader/src/schema/plan.js';
import { noteLink } from '../../../loader/src/schema/ready.js';
import { describeChanges, scriptOf } from '../../../loader/src/schema/script.js';
import { inDatabase, lookingAt } from '../database.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { tell, warn } from '../output.js';
import { databaseName } from '../preflight.js';
import { plural } from '../report/numbers.js';

/**
 * Prints the script that gives the database of `DATABASE_URL` what it lacks. Asked for a dialect that is not that
 * database's, prints all that an empty one needs.
 */
export async function planSchema(environment: Environment, dialect?: Dialect): Promise<ExitCode> {
  const configured = dialect === undefined || isSet(environment, 'DATABASE_URL');
  const { loader, service } = ledgerSettings(configured ? environment : nowhere(environment, dialect));
  const settings = loader.database;
  if (dialect !== undefined && (!configured || settings.dialect !== dialect)) {
    const { database } = ledgerSettings(nowhere(environment, dialect)).loader;
    tell([script(planOfEmpty(), database, 'Everything that an empty database needs.')]);
    return exitCodes.verified;
  }
  const changes = isEmptyFile(settings)
    ? planOfEmpty()
    : await inDatabase(lookingAt(settings), service.logLevel, (database) => database.differences());
  if (changes.length === 0) {
    tell([`-- Nothing is missing in ${databaseName(settings)}.`]);
    return exitCodes.verified;
  }
  tell([script(changes, settings, `What ${databaseName(settings)} lacks.`)]);
  const parts = describeChanges(made(changes, settings));
  if (parts.length === 0) return exitCodes.verified;
  warn(`${plural(parts.length, 'difference')}: et-etl schema apply does what this script says.`);
  return exitCodes.differs;
}

/** Does what the script of `planSchema` says, and tells what that was. */
export async function applySchema(environment: Environment): Promise<ExitCode> {
  const { loader, service } = ledgerSettings(environment);
  const { database: settings, sessionLink } = loader;
  const changes = await inDatabase(settings, service.logLevel, async (database) => {
    const planned = await database.differences();
    await database.ensureSchema();
    if (sessionLink !== undefined) await noteLink(database, sessionLink);
    return made(planned, settings);
  });
  const name = databaseName(settings);
  if (changes.length === 0) tell([`Nothing is missing in ${name}.`]);
  else tell([`Changed in ${name}:`, ...describeChanges(changes).map((line) => `  ${line}`)]);
  return exitCodes.verified;
}

/** Those that the dialect can make, and that are not somebody else's to make. */
function made(changes: readonly Change[], settings: DatabaseSettings): Change[] {
  const grammar = dialectOf(settings.dialect).grammar(settings);
  return changes.filter((change) => statementsOf(change, grammar).length > 0);
}

function script(changes: readonly Change[], settings: DatabaseSettings, title: string): string {
  const heading = [`Tables, indexes and views of Ender Turing ETL (${settings.dialect}). ${title}`];
  return scriptOf(changes, dialectOf(settings.dialect).grammar(settings), heading).trimEnd();
}

/** Opening a file would make it. */
function isEmptyFile(settings: DatabaseSettings): boolean {
  return settings.dialect === 'sqlite' && !existsSync(settings.file);
}

/** The same settings for a database of this dialect that nobody connects to: a name of the schema is kept. */
function nowhere(environment: Environment, dialect: Dialect): Environment {
  const url = dialect === 'sqlite' ? 'sqlite:///empty.sqlite' : `${dialect}://user@empty/database`;
  return { ...environment, values: { ...environment.values, DATABASE_URL: url } };
}
