import { printable } from '#observability';

/** Columns aligned with two spaces between; numbers to the right. The first row is the heading; each is one line. */
export function grid(told: readonly (readonly string[])[], alignRight: readonly number[] = []): string[] {
  const rows = told.map((row) => row.map((cell) => printable(cell.replaceAll(/\s*\n\s*/g, ' '))));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        alignRight.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [...lines.slice(0, 1), rule, ...lines.slice(1)];
}
