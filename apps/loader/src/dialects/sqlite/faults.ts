import { withoutValues, type Fault, type FaultKind } from '../faults.js';

/** By extended result code, then by the primary one. Source: SQLite's "Result and Error Codes". */
export const sqliteCodes: Readonly<Record<string, FaultKind>> = {
  SQLITE_BUSY: 'locked',
  SQLITE_LOCKED: 'locked',
  SQLITE_CONSTRAINT: 'constraint',
  SQLITE_CONSTRAINT_DATATYPE: 'data',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'parent',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'duplicate',
  SQLITE_CONSTRAINT_UNIQUE: 'duplicate',
  SQLITE_MISMATCH: 'data',
  SQLITE_TOOBIG: 'data',
  SQLITE_FULL: 'disk',
  SQLITE_IOERR: 'disk',
  SQLITE_CANTOPEN: 'file',
  SQLITE_PERM: 'permission',
  SQLITE_AUTH: 'permission',
  SQLITE_READONLY: 'readOnly',
  SQLITE_CORRUPT: 'corrupt',
  SQLITE_NOTADB: 'notDatabase',
  SQLITE_NOMEM: 'resources',
};

export function sqliteFault(error: Error): Fault | null {
  const { code } = error as Error & { code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return null;
  if (/no such (table|column)|has no column/.test(error.message)) return { kind: 'missing', reason: error.message };
  const primary = code.split('_').slice(0, 2).join('_');
  return {
    kind: sqliteCodes[code] ?? sqliteCodes[primary] ?? 'unknown',
    reason: `${withoutValues(error.message)} (${code})`,
  };
}
