import type { Target } from '../../merge/row-writer.js';
import type { Bound } from './values.js';

export interface SetDifference {
  /** Ids. */
  readonly gone: Bound[];
  readonly changed: { readonly id: Bound; readonly row: Bound[] }[];
  readonly added: Bound[][];
}

/**
 * What makes a stored set equal to the incoming one. Stored rows begin with their id; otherwise both are in the order
 * of the columns. Nulls in keys equal each other; a stored row whose key repeats is one too many.
 */
export function diffSet({ columns, key }: Target, stored: Bound[][], incoming: Bound[][]): SetDifference {
  if (stored.length === 0) return { gone: [], changed: [], added: incoming };
  const positions = key.map((name) => columns.findIndex((column) => column.name === name));
  const keyOf = (row: Bound[]): string => JSON.stringify(positions.map((position) => text(row[position])));
  const left = new Map(incoming.map((row) => [keyOf(row), row]));
  const gone: Bound[] = [];
  const changed: SetDifference['changed'] = [];
  for (const [id = null, ...row] of stored) {
    const found = left.get(keyOf(row));
    if (!found) gone.push(id);
    else if (found.some((cell, index) => text(cell) !== text(row[index]))) changed.push({ id, row: found });
    left.delete(keyOf(row));
  }
  return { gone, changed, added: [...left.values()] };
}

/** Cells compare by their text: bigints are read as such, and the text of a double is exact. */
function text(cell: Bound | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
