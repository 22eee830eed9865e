import { networkCodes, withoutValues, type Fault, type FaultKind } from '../faults.js';

/** By SQLSTATE, then by its class. Source: PostgreSQL's appendix "Error Codes". */
const states: Record<string, FaultKind> = {
  '08': 'connection',
  '22': 'data',
  '23': 'data',
  '23503': 'parent',
  '25006': 'readOnly',
  '28': 'credentials',
  '3D000': 'database',
  '3F000': 'missing',
  '40': 'conflict',
  '42501': 'permission',
  '42P01': 'missing',
  '42703': 'missing',
  '53': 'resources',
  '53100': 'disk',
  '54': 'data',
  '55P03': 'timeout',
  '57014': 'timeout',
  '57P': 'connection',
  '58': 'disk',
  XX001: 'corrupt',
  XX002: 'corrupt',
};

/** pg tells of lost connections in words alone. */
const lost = /connection terminated|connection error|timeout exceeded when trying to connect|not queryable/i;

export function postgresFault(error: Error): Fault | null {
  const { code, constraint, column } = error as Error & { code?: unknown; constraint?: string; column?: string };
  const reason = error.message || String(code);
  if (typeof code !== 'string') {
    if (lost.test(error.message)) return { kind: 'connection', reason };
    return error.message.includes('does not support SSL') ? { kind: 'tls', reason } : null;
  }
  if (networkCodes.has(code)) return { kind: 'connection', reason };
  if (/CERT|SIGNATURE|^ERR_(SSL|TLS)/.test(code)) return { kind: 'tls', reason };
  if (!/^[0-9A-Z]{5}$/.test(code)) return null;
  const kind = states[code] ?? states[code.slice(0, 3)] ?? states[code.slice(0, 2)] ?? 'unknown';
  const where = constraint ?? column;
  const told = kind === 'data' || kind === 'unknown' ? withoutValues(reason) : reason;
  return { kind, reason: `${told} (${code}${where ? `, ${where}` : ''})` };
}
