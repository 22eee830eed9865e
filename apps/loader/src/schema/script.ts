import type { Grammar } from './grammar.js';
import { statementsOf, type Change } from './plan.js';

/** The plan as a script for a DBA to read and run: harmless when run twice, as far as the dialect can say that. */
export function scriptOf(changes: readonly Change[], grammar: Grammar, heading: readonly string[]): string {
  const { opening, closing } = grammar.script;
  const statements = (lines: readonly string[]) => lines.map((line) => `${line};`).join('\n');
  const parts = changes.map((change) => {
    const remark = remarkOn(change, grammar);
    return [...(remark ? [`-- ${remark}`] : []), statements(scripted(change, grammar))].filter(Boolean).join('\n');
  });
  const head = [...heading, ...cautions(changes, grammar)].map((line) => `-- ${line}`).join('\n');
  const blocks = [head, statements(opening), ...parts, statements(closing)];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

/** What differs, in words: `column sessions.end_dt`. What a missing table brings with it is not told apart. */
export function describeChanges(changes: readonly Change[]): string[] {
  const created = new Set(changes.flatMap((change) => (change.kind === 'table' ? [change.table.name] : [])));
  return changes.flatMap((change) => {
    if (change.kind === 'index' && created.has(change.table.name)) return [];
    return [describe(change)];
  });
}

/** Whether the loader needs it. It can live with keys of the original, and with names taken by others. */
export function isMissing({ kind }: Change): boolean {
  return kind !== 'key' && kind !== 'taken';
}

function cautions(changes: readonly Change[], { script: { caution } }: Grammar): string[] {
  if (caution !== undefined && changes.some(({ kind }) => kind === 'column')) return [caution];
  return ['Running it again does no harm.'];
}

function scripted(change: Change, grammar: Grammar): readonly string[] {
  const statements = statementsOf(change, grammar);
  const { guard } = grammar.script;
  if (!guard || (change.kind !== 'column' && change.kind !== 'index')) return statements;
  return statements.flatMap((statement) => guard(change, statement));
}

function remarkOn(change: Change, grammar: Grammar): string | undefined {
  switch (change.kind) {
    case 'key':
      return statementsOf(change, grammar).length > 0
        ? `${change.table.name}: this key of the original script keeps out rows that ET has`
        : `${keyOf(change)} stays, for SQLite drops no constraint: what it keeps out is counted as not stored`;
    case 'taken':
      return `${describe(change)}: it is not the loader's and stays; rename it, and the loader makes its own`;
    default:
      return undefined;
  }
}

function describe(change: Change): string {
  switch (change.kind) {
    case 'table':
      return `table ${change.table.name}`;
    case 'column':
      return `column ${change.table.name}.${change.column.name}`;
    case 'index':
      return `index on ${change.table.name} (${change.index.columns.join(', ')})`;
    case 'view':
      return change.replaces ? `the current form of view ${change.view.name}` : `view ${change.view.name}`;
    case 'key':
      return `${keyOf(change)}, dropped`;
    case 'taken':
      return `the name ${change.view.name} is taken`;
  }
}

function keyOf({ table, key }: Extract<Change, { kind: 'key' }>): string {
  return `the unique key on ${table.name} (${key.columns.join(', ')})`;
}
