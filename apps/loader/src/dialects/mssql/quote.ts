/** SQL Server's own quotes, which hold whatever `set quoted_identifier` says. */
export function quote(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/** Columns as a list; with an alias each is qualified by it. */
export function columnList(names: readonly string[], alias = ''): string {
  return names.map((name) => (alias ? `${alias}.${quote(name)}` : quote(name))).join(', ');
}

/** A text literal. For names that come from specifications and settings, never for values. */
export function literal(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}
