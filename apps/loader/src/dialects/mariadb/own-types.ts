import type { FoundColumn } from '../../schema/catalog.js';
import type { StoredColumn } from '../../schema/definition.js';

/**
 * The types of own columns, on MariaDB and MySQL alike. Texts are compared by code point: of the collations that both
 * servers have, `utf8mb4_bin` alone does so. A key of three of its columns just fits into an index (3,072 bytes).
 */
export const ownTypes: Record<StoredColumn['type'], Pick<FoundColumn, 'type' | 'collation'>> = {
  int: { type: 'int', collation: null },
  bigint: { type: 'bigint', collation: null },
  float: { type: 'double', collation: null },
  bool: { type: 'tinyint(1)', collation: null },
  text: { type: 'longtext', collation: 'utf8mb4_bin' },
  key: { type: 'varchar(255)', collation: 'utf8mb4_bin' },
  datetime: { type: 'datetime(6)', collation: null },
  json: { type: 'json', collation: null },
  uuid: { type: 'char(36)', collation: 'ascii_bin' },
  bytes: { type: 'longblob', collation: null },
};

/** A type as a column's definition says it; its collation brings the character set along. */
export function typeText({ type, collation }: Pick<FoundColumn, 'type' | 'collation'>): string {
  return collation === null ? type : `${type} collate ${collation}`;
}
