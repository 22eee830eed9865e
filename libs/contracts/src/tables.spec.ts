import { queueOf, queuesOf, stages } from './topology.js';
import { rootOf, tables, tablesOf } from './tables.js';

const types = ['int', 'bigint', 'float', 'bool', 'text', 'key', 'datetime', 'json', 'uuid'];

describe.each(tables.map((table) => [table.name, table] as const))('table %s', (_name, table) => {
  const names = table.columns.map((column) => column.name);

  it('names each column once, with a known type and a meaning', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const column of table.columns) {
      expect(types).toContain(column.type);
      expect(column.meaning).not.toBe('');
    }
  });

  it('has its key, owner and indexed columns among its columns', () => {
    for (const name of [...table.key, ...table.indexes, ...(table.owner ? [table.owner] : [])]) {
      expect(names).toContain(name);
    }
  });

  it('refers only to tables that exist', () => {
    const known = tables.map(({ name }) => name);
    for (const column of table.columns) if (column.references) expect(known).toContain(column.references);
  });

  it('belongs to a root that is written before it', () => {
    const order = tables.indexOf(table);
    expect(tables.indexOf(rootOf(table.entity))).toBeLessThanOrEqual(order);
  });
});

it('gives every session document but `detail` a table', () => {
  for (const document of ['session', 'scores', 'summary', 'comments', 'transcripts'] as const) {
    expect(tablesOf('session', document).length).toBeGreaterThan(0);
  }
  expect(tablesOf('session', 'detail')).toEqual([]);
});

describe('topology', () => {
  it('gives every queue one consumer and a name of its own', () => {
    const all = (['extractor', 'transformer', 'loader', 'operator'] as const).flatMap(queuesOf);
    const expected = stages.reduce((sum, { laned }) => sum + (laned ? 2 : 1), 0);
    expect(new Set(all.map(({ queue }) => queue)).size).toBe(expected);
  });

  it('carries the lane and the version in the name', () => {
    expect(queueOf('raw', 'backfill')).toBe('etl.raw.backfill.v1');
    expect(queueOf('commands', null)).toBe('etl.commands.v1');
  });

  it('has no cycle: nothing flows from a later stage to an earlier one', () => {
    const flow = ['commands', 'slices', 'pages', 'raw', 'rows'];
    const own = stages.filter(({ stage }) => flow.includes(stage)).map(({ stage }) => stage);
    expect(own).toEqual(flow);
  });
});
