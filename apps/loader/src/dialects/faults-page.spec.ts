import { readFileSync } from 'node:fs';

import { kinds, policyOf, type FaultKind } from './faults.js';
import { mariadbCodes } from './mariadb/faults.js';
import { mssqlCodes } from './mssql/faults.js';
import { postgresCodes } from './postgresql/faults.js';
import { sqliteCodes } from './sqlite/faults.js';

const codes = {
  'SQL Server': mssqlCodes,
  PostgreSQL: postgresCodes,
  'MariaDB and MySQL': mariadbCodes,
  SQLite: sqliteCodes,
};
const page = readFileSync('docs/faults.md', 'utf8');

/** The cells of the rows under a heading. */
function tableOf(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function done(kind: FaultKind): string {
  const { tries, action } = policyOf(kind);
  const last = {
    wait: 'waits',
    data: 'rejects the record',
    stop: 'ends where it starts, else waits',
    fail: 'dead letter after six attempts',
  }[action];
  return tries === undefined ? last : `tries ${tries} times, then ${last}`;
}

describe('docs/faults.md', () => {
  it('tells of every kind what the loader does, and the hint it gives', () => {
    const rows = tableOf('Kinds').map(([kind, , does, hint]) => [kind, does, hint]);
    expect(rows).toEqual(
      Object.entries(kinds).map(([kind, { hint }]) => [`\`${kind}\``, done(kind as FaultKind), hint]),
    );
  });

  it.each(Object.entries(codes))('lists the codes of %s', (dialect, own) => {
    const listed = tableOf(dialect).flatMap(([kind, cell = '']) => cell.split(', ').map((code) => `${code} ${kind}`));
    expect(listed.sort()).toEqual(
      Object.entries(own)
        .map(([code, kind]) => `\`${code}\` \`${kind}\``)
        .sort(),
    );
  });
});
