import { connectBroker, type Remote } from '../../broker.js';
import { exitCodes, UsageError, type ExitCode } from '../../exit-codes.js';
import { tell } from '../../output.js';
import type { Installation } from '../installation.js';
import { grants, makeAccounts, managementOf, passwordsIn, vhostOf } from './accounts.js';
import type { AccountOptions } from './program.js';

/** Declares everything as the user of `AMQP_URL`, whatever `AMQP_DECLARE` says; told to, makes the accounts as well. */
export async function applyTopology(
  { remote }: Installation,
  { users, management }: AccountOptions,
): Promise<ExitCode> {
  const broker = administered(remote);
  const passwords = users === undefined ? undefined : passwordsIn(users);
  const api = managementOf(broker.amqpUrl, management);
  const { close } = await connectBroker({ ...broker, declare: true });
  await close();
  tell(['All exchanges and queues are there.']);
  if (passwords) {
    await makeAccounts(broker.amqpUrl, api, passwords);
    tell([`So are the accounts ${[...passwords.keys()].join(', ')}, each with its own rights alone.`]);
  }
  return exitCodes.verified;
}

/** Prints what a person who administers the broker has to run. */
export async function tellGrants({ remote }: Installation): Promise<ExitCode> {
  tell(grants(remote ? vhostOf(remote.amqpUrl) : '/'));
  return exitCodes.verified;
}

function administered(remote: Remote | undefined): Remote {
  if (remote) return remote;
  throw new UsageError('AMQP_URL has to name the broker, and a user who may declare queues');
}
