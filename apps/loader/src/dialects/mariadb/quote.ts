/** Backticks, which both servers read whatever their `sql_mode`. Names come from specifications, never from messages. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Columns as a list; with an alias each is qualified by it. */
export function columnList(names: readonly string[], alias = ''): string {
  return names.map((name) => (alias ? `${alias}.${quote(name)}` : quote(name))).join(', ');
}
