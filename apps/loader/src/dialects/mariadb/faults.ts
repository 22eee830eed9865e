import { networkCodes, tlsCode, withoutValues, type Fault, type FaultKind } from '../faults.js';

/** By number. Sources: MariaDB's "Error Codes", MySQL's "Server Error Message Reference". */
const numbers: Readonly<Partial<Record<FaultKind, readonly number[]>>> = {
  connection: [1043, 1047, 1053, 1129, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 3169, 4031],
  conflict: [1020, 1180, 1213],
  locked: [1205, 1206, 3572],
  timeout: [1317, 1969, 3024],
  resources: [1037, 1038, 1040, 1041, 1135, 1203, 1226],
  disk: [3, 6, 1021, 1026, 1030, 1114],
  credentials: [1045, 1130, 1251, 1698, 1820, 1862, 3118, 4151],
  tls: [3159],
  database: [1046, 1049],
  permission: [1044, 1095, 1142, 1143, 1227, 1370],
  missing: [1054, 1109, 1146],
  parent: [1216, 1217, 1451, 1452],
  readOnly: [1290, 1792, 1836],
  corrupt: [1034, 1194, 1195, 1712],
  unsupported: [1064, 1115, 1193, 1235, 1273, 1286, 1305, 1665, 1787, 3750],
  data: [1153, 1264, 1265, 1292, 1300, 1366, 1367, 1406, 1411, 1690, 3140, 3141, 3854],
  constraint: [1048, 1364, 1369, 1644, 3819, 4025],
  duplicate: [1062, 1586],
};

export const mariadbCodes: Readonly<Record<string, FaultKind>> = Object.fromEntries(
  Object.entries(numbers).flatMap(([kind, codes]) => codes.map((code) => [String(code), kind as FaultKind])),
);

/** The others quote names alone. */
const mayQuoteValues: ReadonlySet<FaultKind> = new Set(['data', 'constraint', 'duplicate', 'unsupported', 'unknown']);

/** mysql2 tells of some lost connections in words alone. */
const lost = /connection is in closed state|pool is closed|connection lost/i;

export function mariadbFault(error: Error): Fault | null {
  const { code, errno, sql } = error as Error & { code?: unknown; errno?: unknown; sql?: unknown };
  const reason = error.message || String(code);
  if (typeof code === 'string') {
    if (networkCodes.has(code) || /^PROTOCOL_/.test(code)) return { kind: 'connection', reason };
    if (tlsCode.test(code) || /^HANDSHAKE_(NO_)?SSL/.test(code)) return { kind: 'tls', reason };
    if (/^(AUTH_SWITCH|HANDSHAKE_|MYSQL_CLEAR)/.test(code)) return { kind: 'credentials', reason };
  }
  if (typeof errno !== 'number' || errno <= 0) return lost.test(reason) ? { kind: 'connection', reason } : null;
  const kind = mariadbCodes[String(errno)] ?? 'unknown';
  const told = mayQuoteValues.has(kind) ? withoutValues(reason) : reason;
  const where = [String(errno), ...namesIn(reason)].join(', ');
  const needs = typeof sql === 'string' && /^create temporary/.test(sql) ? ': it lacks CREATE TEMPORARY TABLES' : '';
  return { kind, reason: `${told} (${where})${kind === 'permission' ? needs : ''}` };
}

/** A message ends with the column or key it is about; what stands before it may be a value. */
function namesIn(message: string): string[] {
  const [, column] = /for column (?:`[^`]*`\.`[^`]*`\.)?[`']([^`']+)[`'] at row \d+$/.exec(message) ?? [];
  const [, key] = /for key '([^']+)'$/.exec(message) ?? [];
  return [column, key].filter((name) => name !== undefined);
}
