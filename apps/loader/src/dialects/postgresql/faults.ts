import { networkCodes, tlsCode, withoutValues, type Fault, type FaultKind } from '../faults.js';

/** By SQLSTATE, or its first three or two letters. Source: PostgreSQL's appendix "Error Codes". */
export const postgresCodes: Readonly<Record<string, FaultKind>> = {
  '08': 'connection',
  '0A': 'unsupported',
  '22': 'data',
  '23': 'constraint',
  '23503': 'parent',
  '23505': 'duplicate',
  '25006': 'readOnly',
  '28': 'credentials',
  '3D000': 'database',
  '3F000': 'missing',
  '40': 'conflict',
  '42501': 'permission',
  '42601': 'unsupported',
  '42704': 'unsupported',
  '42883': 'unsupported',
  '42P01': 'missing',
  '42703': 'missing',
  '53': 'resources',
  '53100': 'disk',
  '54': 'data',
  '55P03': 'locked',
  '57014': 'timeout',
  '57P': 'connection',
  '58': 'disk',
  XX001: 'corrupt',
  XX002: 'corrupt',
};

/** The others quote names alone. */
const mayQuoteValues: ReadonlySet<FaultKind> = new Set(['data', 'unsupported', 'unknown']);

/** What pg tells in words alone. */
const words: readonly (readonly [RegExp, FaultKind])[] = [
  [/connection terminated|connection error|timeout expired|timeout exceeded when trying|not queryable/i, 'connection'],
  [/SSL connection/, 'tls'],
  [/^SASL: /, 'credentials'],
];

export function postgresFault(error: Error): Fault | null {
  const { code, constraint, column } = error as Error & { code?: unknown; constraint?: string; column?: string };
  const reason = error.message || String(code);
  if (typeof code !== 'string') {
    const [, kind] = words.find(([said]) => said.test(reason)) ?? [];
    return kind ? { kind, reason } : null;
  }
  if (networkCodes.has(code)) return { kind: 'connection', reason };
  if (tlsCode.test(code)) return { kind: 'tls', reason };
  if (!/^[0-9A-Z]{5}$/.test(code)) return null;
  const kind = [5, 3, 2].map((letters) => postgresCodes[code.slice(0, letters)]).find(Boolean) ?? 'unknown';
  const where = constraint ?? column;
  const told = mayQuoteValues.has(kind) ? withoutValues(reason) : reason;
  return { kind, reason: `${told} (${code}${where ? `, ${where}` : ''})` };
}
