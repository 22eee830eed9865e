/** Rows written, by table. */
export type Written = Map<string, number>;

export function add(written: Written, table: string, rows: number): void {
  written.set(table, (written.get(table) ?? 0) + rows);
}
