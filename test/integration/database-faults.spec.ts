import { writeFileSync } from 'node:fs';

import type { Transaction } from '../../apps/loader/src/transaction.js';
import { limitedAccount } from '../support/limited-account.js';
import { describeWith } from '../support/suites.js';
import { expectFault, Faulty, SECRET, words } from './database-faults-harness.js';

// A server that does not hear a cancelled statement is waited for five seconds.
import.meta.jest.setTimeout(60_000);

describeWith('postgresql', 'faults of PostgreSQL', () => {
  const faulty = serverSuite('postgresql');

  it('repeat a serialization failure', async () => {
    await faulty.run(`insert into cells (name, amount) values ('a', 0)`);
    let tries = 0;
    await faulty.database.transaction(async (tx) => {
      tries += 1;
      await tx.run('set transaction isolation level repeatable read');
      await tx.query('select amount from cells');
      if (tries === 1) await faulty.run('update cells set amount = amount + 1');
      await tx.run('update cells set amount = amount + 1');
    });
    expect(tries).toBe(2);
    expect(await faulty.query('select amount from cells')).toEqual([{ amount: 2 }]);
  });
});

describeWith('mariadb', 'faults of MariaDB', () => {
  serverSuite('mariadb');
});

describeWith('mssql', 'faults of SQL Server', () => {
  serverSuite('mssql');
});

describe('faults of SQLite', () => {
  const faulty = Faulty.forEachTest('sqlite');
  suite(faulty, '?');

  it('wait for room on the disk, and lose nothing that was there', async () => {
    await faulty.run(`insert into cells (name) values ('kept')`);
    const [{ page_count: pages } = { page_count: 0 }] = await faulty.query<{ page_count: number }>('pragma page_count');
    await faulty.run(`pragma max_page_count = ${pages}`);
    const fill = () =>
      faulty.database.transaction((tx) => tx.run('insert into cells (name) values (?)', [SECRET.repeat(10_000)]));
    await expectFault(fill(), 'disk');
    expect(await faulty.query('select name from cells')).toEqual([{ name: 'kept' }]);
    await faulty.run(`pragma max_page_count = ${pages + 100}`);
    await fill();
    expect(await faulty.query('select count(*) as cells from cells')).toEqual([{ cells: 2 }]);
  });

  it('end a start where the file is no database', async () => {
    const file = `${faulty.fresh.url.replace('sqlite:///', '')}.txt`;
    writeFileSync(file, 'no database, but '.repeat(100));
    await expectFault(faulty.open({ file }), 'notDatabase');
  });
});

/** What holds on every dialect. */
function suite(faulty: Faulty, parameter: string): void {
  const insert = (column: string, value: string | number) =>
    faulty.database.transaction((tx) =>
      tx.run(`insert into cells (name, ${column}) values ('a', ${parameter})`, [value]),
    );

  it.each(['select * from of_nobody', 'select of_nobody from cells'])('wait for what is missing: %s', async (sql) => {
    await expectFault(faulty.query(sql), 'missing');
  });

  it('blame the record for a value of another type', async () => {
    await expectFault(insert('amount', SECRET), 'data');
  });

  it('blame the record that a constraint refuses', async () => {
    await expectFault(insert('amount', 13), 'constraint');
    await expectFault(faulty.run('insert into cells (amount) values (1)'), 'constraint');
  });

  it('blame a record for a taken key only after three tries', async () => {
    let tries = 0;
    const twice = async (tx: Transaction) => {
      tries += 1;
      for (const name of [SECRET, SECRET]) await tx.run(`insert into owners (name) values (${parameter})`, [name]);
    };
    await expectFault(faulty.database.transaction(twice), 'duplicate');
    expect(tries).toBe(3);
  });

  it('try three times, then wait, where a foreign key has no parent', async () => {
    let tries = 0;
    const orphan = faulty.database.transaction(async (tx) => {
      tries += 1;
      await tx.run(`insert into cells (name, owner) values ('a', ${parameter})`, [SECRET]);
    });
    await expectFault(orphan, 'parent');
    expect(tries).toBe(3);
  });

  it('load after all where a taken key is free the next time', async () => {
    await faulty.run(`insert into owners (name) values ('a')`);
    let tries = 0;
    await faulty.database.transaction(async (tx) => {
      tries += 1;
      if (tries === 2) await tx.run(`delete from owners where name = 'a'`);
      await tx.run(`insert into owners (name) values ('a')`);
    });
    expect(await faulty.query('select name from owners')).toEqual([{ name: 'a' }]);
  });
}

/** What holds on every server. */
function serverSuite(dialect: keyof typeof words): Faulty {
  const faulty = Faulty.forEachTest(dialect);
  const { parameter, impatient } = words[dialect];
  suite(faulty, parameter);

  describe('at the start', () => {
    it('wait for a port where nobody listens', async () => {
      await expectFault(faulty.open({ host: '127.0.0.1', port: 1 }), 'connection');
    });

    it('wait for a database that is not there', async () => {
      await expectFault(faulty.open({ database: 'etl_of_nobody' }), 'database');
    });
  });

  describe('of an account that may not do it', () => {
    let account: Awaited<ReturnType<typeof limitedAccount>>;
    beforeEach(async () => {
      account = await limitedAccount(faulty.fresh);
    });
    afterEach(() => account.drop());

    it('wait for the right password', async () => {
      await expectFault(faulty.open({ ...account.settings, password: SECRET }), 'credentials');
    });

    it('wait for the right on a table', async () => {
      const database = await faulty.open(account.settings);
      await expectFault(
        database.transaction((tx) => tx.run('alter table cells add more int')),
        'permission',
      );
      await database.close();
    });
  });

  it('repeat what ended in a deadlock, to the right end', async () => {
    await faulty.run(`insert into cells (name, amount) values ('a', 0), ('b', 0)`);
    const both = Promise.withResolvers<void>();
    let begun = 0;
    const add = (tx: Transaction, name: string | undefined) =>
      tx.run(`update cells set amount = amount + 1 where name = '${name}'`);
    const work = ([first, second]: string[]) =>
      faulty.database.transaction(async (tx) => {
        await add(tx, first);
        begun += 1;
        // Both hold their first row before either asks for its second; a repeated one goes straight on.
        if (begun === 2) both.resolve();
        await both.promise;
        await add(tx, second);
      });
    await Promise.all([work(['a', 'b']), work(['b', 'a'])]);
    expect(begun).toBe(3);
    expect(await faulty.query('select amount from cells')).toEqual([{ amount: 2 }, { amount: 2 }]);
  });

  it('wait where somebody else keeps a row locked', async () => {
    await faulty.run(`insert into cells (name, amount) values ('a', 0)`);
    const update = `update cells set amount = 1 where name = 'a'`;
    await faulty.database.transaction(async (tx) => {
      await tx.run(update);
      const other = faulty.database.transaction(async (second) => {
        await second.run(impatient);
        await second.run(update);
      });
      await expectFault(other, 'locked');
    });
  });

  it('wait where a statement takes too long, and go on with the same connection', async () => {
    const brief = await faulty.open({ statementTimeout: 1, pool: 1 });
    await brief.transaction(async (tx) => {
      for (let name = 0; name < 100; name += 1) await tx.run(`insert into owners (name) values ('${name}')`);
    });
    const tables = ['a', 'b', 'c', 'd', 'e', 'f'].map((alias) => `owners ${alias}`).join(', ');
    await expectFault(
      brief.transaction((tx) => tx.query(`select max(a.name) as last from ${tables} where a.name < f.name`)),
      'timeout',
    );
    expect(await brief.transaction((tx) => tx.query('select count(*) as owners from owners'))).toHaveLength(1);
    await brief.close();
  });

  it.each([
    ['a number too large', 'amount', 2 ** 31],
    ['a text too long', 'name', `${SECRET} words`],
    ['a date that is none', 'at', SECRET],
  ])('blame the record for %s', async (_fault, column, value) => {
    const sql = column === 'name' ? `(name) values (${parameter})` : `(name, ${column}) values ('a', ${parameter})`;
    await expectFault(
      faulty.database.transaction((tx) => tx.run(`insert into cells ${sql}`, [value])),
      'data',
    );
  });

  return faulty;
}
