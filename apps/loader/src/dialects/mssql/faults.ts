import { networkCodes, tlsCode, withoutValues, type Fault, type FaultKind } from '../faults.js';

/** By error number. Source: SQL Server's `sys.messages`, and Azure SQL's list of transient faults. */
export const mssqlCodes: Readonly<Record<string, FaultKind>> = {
  102: 'unsupported',
  156: 'unsupported',
  195: 'unsupported',
  207: 'missing',
  208: 'missing',
  220: 'data',
  229: 'permission',
  230: 'permission',
  232: 'data',
  233: 'connection',
  241: 'data',
  242: 'data',
  245: 'data',
  248: 'data',
  262: 'permission',
  297: 'permission',
  300: 'permission',
  334: 'unsupported',
  515: 'constraint',
  547: 'constraint',
  615: 'connection',
  701: 'resources',
  802: 'resources',
  823: 'corrupt',
  824: 'corrupt',
  825: 'corrupt',
  916: 'permission',
  926: 'corrupt',
  942: 'database',
  945: 'disk',
  983: 'connection',
  1088: 'permission',
  1101: 'disk',
  1105: 'disk',
  1204: 'resources',
  1205: 'conflict',
  1222: 'locked',
  1946: 'data',
  2601: 'duplicate',
  2627: 'duplicate',
  2628: 'data',
  2812: 'unsupported',
  3906: 'readOnly',
  3908: 'readOnly',
  3935: 'conflict',
  3960: 'conflict',
  3961: 'conflict',
  4060: 'database',
  4221: 'connection',
  4815: 'data',
  4819: 'data',
  4863: 'data',
  7339: 'data',
  8114: 'data',
  8115: 'data',
  8134: 'data',
  8152: 'data',
  8169: 'data',
  8170: 'data',
  8645: 'resources',
  8651: 'resources',
  8657: 'resources',
  8902: 'resources',
  9002: 'disk',
  10053: 'connection',
  10054: 'connection',
  10060: 'connection',
  10922: 'conflict',
  10928: 'throttled',
  10929: 'throttled',
  10936: 'throttled',
  11001: 'connection',
  17142: 'connection',
  18452: 'credentials',
  18456: 'credentials',
  18461: 'credentials',
  18470: 'credentials',
  18486: 'credentials',
  18487: 'credentials',
  18488: 'credentials',
  40143: 'connection',
  40197: 'connection',
  40501: 'throttled',
  40540: 'connection',
  40544: 'disk',
  40549: 'throttled',
  40550: 'throttled',
  40551: 'throttled',
  40552: 'throttled',
  40553: 'throttled',
  40613: 'connection',
  40615: 'permission',
  42108: 'connection',
  42109: 'connection',
  49918: 'throttled',
  49919: 'throttled',
  49920: 'throttled',
  51205: 'conflict',
  51222: 'locked',
};

/** tedious' own. A time-out of a statement has the code of one of the connection. */
const driverCodes: Readonly<Record<string, FaultKind>> = {
  ESOCKET: 'connection',
  ECLOSE: 'connection',
  EINVALIDSTATE: 'connection',
  ECANCEL: 'connection',
  EINSTLOOKUP: 'connection',
  ETIMEOUT: 'connection',
  ELOGIN: 'credentials',
  EENCRYPT: 'tls',
};

/** What is told in words alone: by login errors, and by endpoints of the protocol that give most errors one number. */
const words: readonly (readonly [RegExp, FaultKind])[] = [
  [/cannot open database|database .* does not exist/i, 'database'],
  [/certificate|self.signed|tls|ssl/i, 'tls'],
  [/deadlock|could not serialize/i, 'conflict'],
  [/lock (request )?time.?out/i, 'locked'],
  [/statement timeout/i, 'timeout'],
  [/permission (was )?denied|must be owner/i, 'permission'],
  [/(relation|object|column|table|schema)\b.* (does not exist|name)/i, 'missing'],
  [/terminating connection|shutting down|starting up/i, 'connection'],
  [
    /out of range|overflow|too long|truncated|invalid (\w+ )?(input|byte|value)|conversion|converting|cannot be cast/i,
    'data',
  ],
  [/not (currently )?supported|syntax error/i, 'unsupported'],
];

/** tedious, Kysely and the pool tell of lost connections in words alone. */
const lost = /end of message stream|premature close|connection ended|operation timed out/i;

/** The others quote names alone. */
const mayQuoteValues: ReadonlySet<FaultKind> = new Set(['data', 'constraint', 'duplicate', 'unsupported', 'unknown']);

export function mssqlFault(error: Error): Fault | null {
  const { code, number, name, message } = error as Error & { code?: unknown; number?: unknown };
  if (typeof number === 'number') {
    const known = number === CONFLICT && isForeignKey(message) ? 'parent' : mssqlCodes[number];
    const kind = known ?? inWords(message) ?? 'unknown';
    return { kind, reason: `${mayQuoteValues.has(kind) ? withoutValues(withoutTail(message)) : message} (${number})` };
  }
  if (typeof code !== 'string') return lost.test(message) ? { kind: 'connection', reason: message } : null;
  if (networkCodes.has(code)) return { kind: 'connection', reason: message };
  if (tlsCode.test(code)) return { kind: 'tls', reason: message };
  const kind = driverCodes[code];
  if (!kind) return null;
  const reason = `${message} (${code})`;
  const ofStatement = name === 'RequestError' || message.startsWith('Failed to cancel request');
  if (code === 'ETIMEOUT' && ofStatement) return { kind: 'timeout', reason };
  return { kind: code === 'ELOGIN' || code === 'ESOCKET' ? (inWords(message) ?? kind) : kind, reason };
}

/** One number stands for checks, for rows without a parent, and for parents that rows still point to. */
const CONFLICT = 547;
function isForeignKey(message: string): boolean {
  return /foreign key|reference constraint/i.test(message);
}

function inWords(message: string): FaultKind | undefined {
  return words.find(([pattern]) => pattern.test(message))?.[1];
}

/** `The duplicate key value is (…)`. */
function withoutTail(message: string): string {
  return message.replace(/(value is|value:?) \(?.*$/is, '$1 …');
}
