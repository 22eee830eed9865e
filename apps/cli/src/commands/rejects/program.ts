import type { Command } from 'commander';

import type { Act } from '../act.js';
import { since } from '../since.js';
import type { Listing, Replaying } from './actions.js';

/** What `et-etl rejects` does; each gives the process's exit code. */
export interface RejectActions {
  ls(options: Listing): Promise<number>;
  show(id: string, options: { readonly body?: true; readonly json?: true }): Promise<number>;
  replay(ids: readonly string[], options: Replaying): Promise<number>;
}

export function addRejectCommands(program: Command, actions: RejectActions, act: Act): void {
  const rejects = program.command('rejects').description('records that were set aside, and why (docs/dead-letters.md)');
  rejects
    .command('ls')
    .description('list them')
    .option('--reason <text>', 'whose reason holds this text')
    .option('--since <moment>', 'set aside since: 90m, 12h, 3d ago, a day, an ISO instant', (text: string) =>
      since(text),
    )
    .option('--run <run>', 'of this run')
    .option('--json', 'for programs')
    .action(act(actions.ls));
  rejects
    .command('show <id>')
    .description('all that is known of one; the first digits of its id are enough')
    .option('--body', 'the raw form: conversations, names and telephone numbers too')
    .option('--json', 'for programs')
    .action(act(actions.show));
  rejects
    .command('replay [ids...]')
    .description('send raw forms through transformer and loader again, once the cause is mended')
    .option('--reason <text>', 'all whose reason holds this text')
    .option('--all', 'every one')
    .action(act(actions.replay));
}
