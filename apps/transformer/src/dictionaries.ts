import { dictionaries, type Dictionary, type RowDocument } from '#contracts';

import { toCell } from './cells.js';
import type { Findings } from './findings.js';
import { flatten, isFields } from './flatten.js';
import { shapeOf, type Level } from './shape.js';

const shapes = Object.fromEntries(
  dictionaries.map((dictionary) => [dictionary, shapeOf(dictionary, 'item', dictionary)]),
) as Record<Dictionary, Level>;

/** A dictionary item as one document of rows: itself and what nests in it. `key` is its id as `itemKey` writes it. */
export function mapItem(
  dictionary: Dictionary,
  version: number,
  item: unknown,
  key: string,
  findings: Findings,
): RowDocument[] {
  if (!isFields(item)) {
    findings.fault(dictionary, 'object', item);
    return [];
  }
  const id = toCell('int', key) ?? null;
  if (id === null) findings.fault(`${dictionary}.id`, 'int', item.id);
  return [{ document: 'item', version, rows: flatten(shapes[dictionary], [item], id, findings) }];
}
