import type { StoredColumn } from '../../schema/definition.js';

const types: Record<Exclude<StoredColumn['type'], 'key'>, string> = {
  int: 'int',
  bigint: 'bigint',
  float: 'float(53)',
  bool: 'bit',
  text: 'nvarchar(max)',
  datetime: 'datetime2(6)',
  json: 'nvarchar(max)',
  uuid: 'uniqueidentifier',
  bytes: 'varbinary(max)',
};

/**
 * Characters of those keys that are known to be shorter than others: an index holds 900 bytes, and some are made of
 * several keys. Source: the limits of ids in contracts.
 */
const lengths: Readonly<Record<string, number>> = {
  slice_id: 160,
  run_id: 64,
  attempt: 36,
  sha: 64,
  key: 64,
  entity: 32,
};
const USUAL_LENGTH = 255;

/** The type of one of the loader's own columns. Keys are compared by code point, whatever the database's collation. */
export function ownType({ name, type }: StoredColumn): string {
  if (type !== 'key') return types[type];
  return `nvarchar(${lengths[name] ?? USUAL_LENGTH}) collate Latin1_General_100_BIN2`;
}
