import type { Row } from '#contracts';

/** Where ET repeats a natural key, nulls equal to nulls, the last row holds. Order is kept. */
export function distinctRows(key: readonly string[], rows: readonly Row[]): readonly Row[] {
  if (rows.length < 2) return rows;
  const last = new Map<string, Row>();
  for (const row of rows) last.set(JSON.stringify(key.map((name) => cellText(row[name]))), row);
  return last.size === rows.length ? rows : [...last.values()];
}

/** Large integers come as numbers or as text. */
function cellText(cell: Row[string] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
