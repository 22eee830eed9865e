import type { Command } from 'commander';

import type { Act } from '../act.js';
import { since } from '../since.js';
import type { Acting } from './actions.js';
import type { Selection } from './selection.js';

/** What `et-etl dlq` does; each gives the process's exit code. */
export interface DeadLetterActions {
  ls(options: Selection & { readonly json?: true }): Promise<number>;
  show(id: string, options: { readonly body?: true; readonly json?: true }): Promise<number>;
  redrive(options: Acting): Promise<number>;
  discard(options: Acting): Promise<number>;
}

export function addDeadLetterCommands(program: Command, actions: DeadLetterActions, act: Act): void {
  const dlq = program.command('dlq').description('messages that were given up, and why (docs/dead-letters.md)');
  selecting(dlq.command('ls').description('list them')).option('--json', 'for programs').action(act(actions.ls));
  dlq
    .command('show <id>')
    .description('all that is known of one; the first digits of its id are enough')
    .option('--body', 'the whole body: conversations, names and telephone numbers too')
    .option('--json', 'for programs')
    .action(act(actions.show));
  acting(dlq.command('redrive').description('send them again, once the cause is mended')).action(act(actions.redrive));
  acting(dlq.command('discard').description('take them away for good')).action(act(actions.discard));
}

function acting(command: Command): Command {
  return selecting(command)
    .option('--id <id...>', 'these, by id or its first digits')
    .option('--all', 'every one')
    .option('--dry-run', 'only tell which');
}

function selecting(command: Command): Command {
  return command
    .option('--queue <queue>', 'of a stage or queue: raw, raw.live, etl.raw.live.v1')
    .option('--reason <text>', 'whose reason or fault holds this text')
    .option('--since <moment>', 'that died since: 90m, 12h, 3d ago, a day, an ISO instant', (text: string) =>
      since(text),
    );
}
