import { answeredOf, sessionDocument } from '../support/row-batches.js';
import { describeServed } from '../support/suites.js';
import { one, Warehouse } from './warehouse-harness.js';

/** A table of the original where texts are compared without regard to case, as they are where a database has no will. */
const adopted = {
  postgresql: [
    `create collation of_the_customer (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
    `create table sessions_crm_statuses (id serial primary key, session_id uuid, crm_status varchar(255) collate of_the_customer, unique (session_id, crm_status))`,
  ],
  mariadb: [
    `create table sessions_crm_statuses (id int not null auto_increment primary key, session_id char(36), crm_status varchar(255), unique (session_id, crm_status)) collate utf8mb4_general_ci`,
  ],
  mssql: [
    `create table sessions_crm_statuses (id int not null identity primary key, session_id uniqueidentifier, crm_status nvarchar(255) collate Latin1_General_CI_AS, unique (session_id, crm_status))`,
  ],
};

describeServed('a key that knows no upper and lower case', (dialect) => {
  const warehouse = Warehouse.forEachTest(dialect, adopted[dialect]);
  const merge = (version: number, states: string[]) =>
    warehouse.mergeOne([
      answeredOf(one, [
        sessionDocument(one, 'session', version, {
          sessions_crm_statuses: states.map((crm_status) => ({ crm_status })),
        }),
      ]),
    ]);
  const stored = async () => (await warehouse.rows('sessions_crm_statuses')).map(({ crm_status }) => crm_status);

  it('holds the last of those that are equal to it', async () => {
    expect(await merge(1, ['Paid', 'Open', 'PAID', 'paiD'])).toMatchObject({ rejected: [] });
    expect(await stored()).toEqual(['Open', 'paiD']);
  });

  it('is the same key when its case changes, and is written once', async () => {
    await merge(1, ['Paid', 'Open']);
    expect(await merge(2, ['PAID', 'paid'])).toMatchObject({ rejected: [] });
    expect((await stored()).map((state) => String(state).toLowerCase())).toEqual(['paid']);
    await merge(3, []);
    expect(await stored()).toEqual([]);
  });
});
