import { connect } from 'amqplib';

import { exchangeOf, queueOf } from '#contracts';

import { until } from '../support/until.js';
import { postgresReader, type WarehouseReader } from '../support/warehouse-readers.js';
import type { Composition } from './composition.js';

const MOST_MS = 300_000;
const LOOK_MS = 100;

/** Asks for days as any program would, by a plain message under the operator's account, and waits until they are loaded. */
export async function backfillByMessage(composition: Composition, from: string, to: string): Promise<void> {
  const connection = await connect(composition.amqpUrl('operator'));
  try {
    const channel = await connection.createConfirmChannel();
    const body = Buffer.from(JSON.stringify({ type: 'backfill', from, to }));
    const options = { contentType: 'application/json', persistent: true, mandatory: true };
    channel.publish(exchangeOf('operator'), queueOf('commands', null), body, options);
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
  const states = () => inDatabase(composition, (reader) => reader.all('select state from etl_runs'));
  const isDone = async () => (await states()).map(({ state }) => state).join() === 'done';
  await until('the run is done', isDone, MOST_MS, LOOK_MS);
}

/**
 * Asks for days by `docker compose run cli` and waits for its end; meanwhile kills one container of each of the
 * services named, one group after the other, each after a further day was verified. Gives what was killed when.
 */
export async function backfillWithKills(
  composition: Composition,
  from: string,
  to: string,
  groups: readonly (readonly string[])[],
): Promise<string[]> {
  const words: string[] = [];
  let ended = false;
  const command = composition.compose('run', '--rm', '-T', 'cli', 'backfill', '--from', from, '--to', to, '--wait');
  const running = command.finally(() => (ended = true));
  // Awaited last; a failure before then must not end this process.
  running.catch(() => undefined);
  let verified = await verifiedDays(composition);
  for (const group of groups) {
    const before = verified;
    const isFurther = async () => ended || (verified = await verifiedDays(composition)) > before;
    await until('a further day is verified', isFurther, MOST_MS, LOOK_MS);
    if (ended) throw new Error(`the backfill was over before ${group.join(', ')} could be killed: ${await running}`);
    await composition.crash(...group);
    words.push(`killed with ${verified} days verified: ${group.join(', ')}`);
  }
  await running;
  await composition.ready();
  return words;
}

/** Reads the warehouse from this machine. */
export async function inDatabase<T>(
  composition: Composition,
  work: (reader: WarehouseReader) => Promise<T>,
): Promise<T> {
  const reader = await postgresReader(composition.databaseUrl());
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

async function verifiedDays(composition: Composition): Promise<number> {
  const question = `select count(distinct day) from etl_slices where kind = 'day' and state = 'verified'`;
  return Number(await inDatabase(composition, (reader) => reader.value(question)));
}
