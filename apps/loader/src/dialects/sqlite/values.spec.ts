import { catalogOf } from '../../schema/catalog.js';
import { boundColumns, boundRow } from './values.js';

const target = {
  table: 'sessions',
  key: ['id'],
  columns: [
    { name: 'start_dt', type: 'datetime' as const },
    { name: 'type', type: 'text' as const },
  ],
};
const catalogWith = (type: string) =>
  catalogOf(
    ['start_dt', 'type'].map((column_name) => ({ table_name: 'sessions', column_name, type, collation: null })),
    [],
    [],
  );
const bound = (type: string, start_dt: string | null) =>
  boundRow(boundColumns(target, catalogWith(type)), { start_dt, type: '2026-01-01 00:00:00' });

describe('date-times in SQLite', () => {
  it.each([
    ['2026-01-01 00:00:00', '2026-01-01 00:00:00.000000'],
    ['2026-01-01 00:00:00.5', '2026-01-01 00:00:00.500000'],
    ['2026-01-01 00:00:00.123456', '2026-01-01 00:00:00.123456'],
    [null, null],
  ])('of an adopted table have six digits: %s', (given, stored) => {
    expect(bound('DATETIME', given)).toEqual([stored, '2026-01-01 00:00:00']);
  });

  it('of own tables stay as they are', () => {
    expect(bound('text', '2026-01-01 00:00:00')).toEqual(['2026-01-01 00:00:00', '2026-01-01 00:00:00']);
  });
});
