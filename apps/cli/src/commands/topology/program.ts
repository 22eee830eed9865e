import type { Command } from 'commander';

import type { Act } from '../act.js';

/** Where accounts are made, and by which passwords. */
export interface AccountOptions {
  /** A folder with a file `amqp_<account>` each. */
  readonly users?: string;
  /** The broker's management API; by default port 15672 of the broker's host, for amqps 15671 by HTTPS. */
  readonly management?: string;
}

/** What `et-etl topology` does; each gives the process's exit code. */
export interface TopologyActions {
  apply(options: AccountOptions): Promise<number>;
  users(): Promise<number>;
}

export function addTopologyCommands(program: Command, actions: TopologyActions, act: Act): void {
  const topology = program.command('topology').description('exchanges, queues and accounts of the broker');
  topology
    .command('apply')
    .description('declare all exchanges and queues as the user of AMQP_URL, for services with AMQP_DECLARE=false')
    .option('--users <folder>', 'make the accounts of the services too, with the passwords in its files amqp_<account>')
    .option('--management <url>', "the broker's management API, where accounts are made")
    .action(act(actions.apply));
  topology
    .command('users')
    .description('print what each account needs, as commands of rabbitmqctl')
    .action(act(actions.users));
}
