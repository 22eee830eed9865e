import type { Row } from '#contracts';

import { toCell, type Cell } from './cells.js';
import type { Findings } from './findings.js';
import type { Level, TablePlan } from './shape.js';

/** A JSON object of ET. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/**
 * The rows of one document, by table in the order of the specification. Rows of one natural key are one: the last in
 * ET's order holds. Within a table they are sorted by key, so that an equal set is an equal text.
 * @param owner the key of the record all these rows belong to
 */
export function flatten(
  level: Level,
  records: readonly Fields[],
  owner: Cell,
  findings: Findings,
): Record<string, Row[]> {
  const rows = new Map<string, Map<string, Row>>();
  prepare(level, rows);
  for (const record of records) visit(level, [record], record, owner, rows, findings);
  return Object.fromEntries([...rows].map(([table, found]) => [table, sorted(found)]));
}

function prepare(level: Level, rows: Map<string, Map<string, Row>>): void {
  for (const table of level.tables) rows.set(table.name, new Map());
  for (const below of level.levels) prepare(below, rows);
}

function visit(
  level: Level,
  way: readonly Fields[],
  record: Fields,
  owner: Cell,
  rows: Map<string, Map<string, Row>>,
  findings: Findings,
): void {
  findings.countUnknown(level.path, level.known, record);
  for (const table of level.tables) {
    const row = rowOf(table, way, owner, findings);
    rows.get(table.name)?.set(keyOf(table, row), row);
  }
  for (const below of level.levels) {
    for (const element of listIn(record, below, findings)) {
      if (isFields(element)) visit(below, [...way, element], element, owner, rows, findings);
      else findings.fault(below.path, 'object', element);
    }
  }
}

function listIn(record: Fields, level: Level, findings: Findings): readonly unknown[] {
  const value = record[level.field] ?? [];
  const list = listOf(value);
  if (!list) findings.fault(level.path.slice(0, -'[]'.length), 'list', value);
  return list ?? [];
}

function rowOf(table: TablePlan, way: readonly Fields[], owner: Cell, findings: Findings): Row {
  const row: Row = {};
  for (const column of table.columns) {
    if (column.owner) {
      row[column.name] = owner;
      continue;
    }
    const value = way[column.depth]?.[column.field];
    const cell = toCell(column.type, value);
    if (cell === undefined || (cell === null && column.required)) findings.fault(column.path, column.type, value);
    row[column.name] = cell ?? null;
  }
  return row;
}

function keyOf(table: TablePlan, row: Row): string {
  return table.key.length === 0 ? '' : JSON.stringify(table.key.map((name) => row[name]));
}

function sorted(rows: ReadonlyMap<string, Row>): Row[] {
  if (rows.size < 2) return [...rows.values()];
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}
