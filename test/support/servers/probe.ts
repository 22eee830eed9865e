import { connect as connectAmqp } from 'amqplib';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from 'pg';
import { mssqlSettings, openMssql } from '../mssql-server.js';
import type { ServerKind } from './kinds.js';
import { versionOf } from './versions.js';

/** Asks a server for its version, and so whether it can be reached at all. Throws where it cannot. */
export async function askVersion(kind: ServerKind, url: string): Promise<string> {
  switch (kind) {
    case 'rabbitmq': {
      const connection = await connectAmqp(url, { timeout: 10_000 });
      const { version } = connection.connection.serverProperties;
      await connection.close();
      return version;
    }
    case 'postgresql': {
      const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('show server_version');
      await client.end();
      return versionOf(rows[0]?.server_version ?? '');
    }
    case 'mariadb':
      return versionOf((await greeting(url)).subarray(5, 64).toString('latin1').split('\0')[0] ?? '');
    case 'mssql': {
      const { query, close } = await openMssql(mssqlSettings(url));
      const [row] = await query(`select cast(serverproperty('ProductVersion') as varchar(64)) version`);
      await close();
      return versionOf(String(row?.['version']));
    }
  }
}

/** MariaDB speaks first: four bytes of header, the protocol's number, and its version up to a zero byte. */
async function greeting(url: string): Promise<Buffer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port || 3306), timeout: 10_000 });
  try {
    const [first] = (await once(socket, 'data')) as [Buffer];
    return first;
  } finally {
    socket.destroy();
  }
}
