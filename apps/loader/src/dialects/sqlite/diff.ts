import type { Target } from '../../merge/row-writer.js';
import type { Bound } from './values.js';

export interface SetDifference {
  /** Ids. */
  readonly gone: Bound[];
  readonly changed: { readonly id: Bound; readonly row: Bound[] }[];
  readonly added: Bound[][];
}

/**
 * What makes stored sets equal to the incoming ones. Stored rows begin with their id; otherwise both are in the order
 * of the columns, and incoming rows may carry more. Nulls in keys equal each other; a stored row whose key repeats is
 * one too many. Keys of incoming rows are distinct.
 */
export function diffSet({ columns, key }: Target, stored: Bound[][], incoming: Bound[][]): SetDifference {
  if (stored.length === 0) return { gone: [], changed: [], added: incoming };
  const positions = key.map((name) => columns.findIndex((column) => column.name === name));
  const left = new Map(incoming.map((row) => [keyOf(row, positions), row]));
  const gone: Bound[] = [];
  const changed: SetDifference['changed'] = [];
  for (const [id = null, ...row] of stored) {
    const rowKey = keyOf(row, positions);
    const found = left.get(rowKey);
    if (!found) gone.push(id);
    else if (row.some((cell, index) => !same(cell, found[index]))) changed.push({ id, row: found });
    left.delete(rowKey);
  }
  return { gone, changed, added: [...left.values()] };
}

/** Texts cannot hold U+0000, so it ends them, and alone stands for null. */
function keyOf(row: Bound[], positions: readonly number[]): string {
  let key = '';
  for (const position of positions) {
    const cell = row[position] ?? null;
    key += cell === null ? '\0' : `=${String(cell)}\0`;
  }
  return key;
}

/** Cells compare by their text where types differ: bigints are read as such, and the text of a double is exact. */
function same(stored: Bound, incoming: Bound | undefined): boolean {
  if (stored === incoming || stored === null || incoming === null) return stored === incoming;
  return String(stored) === String(incoming);
}
