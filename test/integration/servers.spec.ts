import { connect } from 'amqplib';
import { Client } from 'pg';
import { freshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { freshVhost } from '../support/vhosts.js';

describeWith('rabbitmq', 'a fresh virtual host', () => {
  it('is empty, and gone after its test', async () => {
    const vhost = await freshVhost();
    const connection = await connect(vhost.url);
    const channel = await connection.createChannel();
    await channel.assertQueue('something', { arguments: { 'x-queue-type': 'quorum' } });
    await connection.close();
    const other = await freshVhost();
    const second = await connect(other.url);
    const secondChannel = await second.createChannel();
    expect(await secondChannel.assertQueue('something', { arguments: { 'x-queue-type': 'classic' } })).toMatchObject({
      messageCount: 0,
    });
    await second.close();
    await Promise.all([vhost.drop(), other.drop()]);
    await expect(connect(vhost.url)).rejects.toThrow();
  });
});

describeWith('postgresql', 'a fresh PostgreSQL database', () => {
  it('holds every kind of text, and is gone after its test', async () => {
    const database = await freshDatabase('postgresql');
    const client = new Client({ connectionString: database.url });
    await client.connect();
    expect((await client.query("select 'Київ 🙂' as text")).rows).toEqual([{ text: 'Київ 🙂' }]);
    await client.end();
    await database.drop();
    await expect(new Client({ connectionString: database.url }).connect()).rejects.toThrow('does not exist');
  });
});
