import type { Row } from '#contracts';

/** Where ET repeats a natural key, nulls equal to nulls, the last row holds. Order is kept. */
export function distinctRows(key: readonly string[], rows: readonly Row[]): readonly Row[] {
  if (rows.length < 2) return rows;
  const last = new Map<string, Row>();
  for (const row of rows) last.set(keyOf(key, row), row);
  return last.size === rows.length ? rows : [...last.values()];
}

/** Texts hold no U+0000, so it ends them, and alone stands for null. Large integers come as numbers or as text. */
function keyOf(key: readonly string[], row: Row): string {
  let text = '';
  for (const name of key) {
    const cell = row[name] ?? null;
    text += cell === null ? '\0' : `=${cell}\0`;
  }
  return text;
}
