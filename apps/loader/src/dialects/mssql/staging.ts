import type { FittedColumn, FittedTarget } from './fitted.js';
import { columnList, quote } from './quote.js';

/** The place of a row among those sent. */
export const PLACE = '_place';

/** Makes the tables that rows are sent into: `#i`, typed as the target's; and where it differs, `#sent` as they travel. */
export function stage(target: FittedTarget): string {
  const { columns } = target;
  const table = (name: string, typeOf: (column: FittedColumn) => string) =>
    `create table ${name} (${[`${quote(PLACE)} int`, ...columns.map((column) => `${quote(column.name)} ${typeOf(column)} null`)].join(', ')})`;
  return [
    'drop table if exists #i, #sent, #k',
    table('#i', ({ stored }) => stored),
    ...(sentTo(target) === '#sent' ? [table('#sent', ({ sent }) => sent)] : []),
  ].join(';\n');
}

/** The table that the driver fills: a bulk load wants the very types it sends. */
export function sentTo({ columns }: FittedTarget): '#i' | '#sent' {
  return columns.every(({ stored, sent }) => stored.replace(/ collate .*/, '') === sent) ? '#i' : '#sent';
}

/** Rows are distinct by key as they were sent; where the column's type knows fewer values, the last of equal ones holds. */
export function arrived(target: FittedTarget): string[] {
  const { columns, key } = target;
  const all = columnList([PLACE, ...columns.map(({ name }) => name)]);
  const rounds = columns.some(({ name, rounds }) => rounds && key.includes(name));
  return [
    ...(sentTo(target) === '#sent' ? [`insert into #i (${all}) select ${all} from #sent`] : []),
    ...(rounds
      ? [
          `delete from #i where ${quote(PLACE)} not in (select max(${quote(PLACE)}) from #i group by ${columnList(key)})`,
        ]
      : []),
  ];
}
