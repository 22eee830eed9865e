import type { Column, ColumnType } from './tables.js';

/**
 * A column in one line: `column('agent_id int -> agents', 'The agent', 'agent_id')`. The source is the field of the
 * same name unless given.
 */
export function column(definition: string, meaning: string, source?: string): Column {
  const [name = '', type = '', arrow, references] = definition.split(' ');
  return {
    name,
    type: type as ColumnType,
    meaning,
    source: source ?? name,
    ...(arrow === '->' && references ? { references } : {}),
  };
}

/** The same, for what a conversation keeps no longer than ET does. */
export function personal(...of: Parameters<typeof column>): Column {
  return { ...column(...of), personal: true };
}
