import { Command, InvalidArgumentError, Option } from 'commander';

import { isDay } from '../../extractor/src/planning/days.js';
import type { Dialect } from '../../loader/src/dialects/connection.js';
import { dialectNames } from '../../loader/src/dialects/dialects.js';
import type { Act } from './commands/act.js';
import { addDeadLetterCommands, type DeadLetterActions } from './commands/dlq/program.js';
import { addRejectCommands, type RejectActions } from './commands/rejects/program.js';
import { addTopologyCommands, type TopologyActions } from './commands/topology/program.js';
import type { BackfillOptions, RunOptions } from './requests.js';

/** What each command does; each gives the process's exit code. */
export interface Actions {
  run(options: RunOptions): Promise<number>;
  backfill(options: BackfillOptions & { readonly wait?: true }): Promise<number>;
  sync(options: { readonly wait?: true }): Promise<number>;
  heal(options: { readonly allowDeletes?: true; readonly wait?: true }): Promise<number>;
  control(runId: string, action: 'pause' | 'resume' | 'cancel'): Promise<number>;
  status(options: { readonly json?: true; readonly watch?: true }): Promise<number>;
  gaps(options: { readonly json?: true }): Promise<number>;
  planSchema(options: { readonly dialect?: Dialect }): Promise<number>;
  applySchema(): Promise<number>;
  readonly dlq: DeadLetterActions;
  readonly rejects: RejectActions;
  readonly topology: TopologyActions;
  start(): Promise<number>;
}

/** Parses the arguments and carries out the command. Throws `CommanderError` for what cannot be understood. */
export async function carryOut(args: readonly string[], actions: Actions): Promise<number> {
  let code = 0;
  const act: Act =
    (action) =>
    async (...given) => {
      code = await action(...given);
    };
  const program = new Command('et-etl')
    .description('Keeps your own database a true, current, provably complete copy of your Ender Turing data.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`et-etl: ${text.replace(/^error: /, '')}`) })
    .showHelpAfterError('(et-etl --help tells more)')
    .addHelpText(
      'after',
      '\nExit codes: 0 loaded and verified, 1 failed, 2 usage or configuration, 3 rejects or unverified days.',
    );

  program
    .command('run')
    .description('load everything in this one process: without dates the daily run, with a start up to yesterday')
    .option('--start-dt <day>', 'first day, read again whether loaded or not', day)
    .option('--stop-dt <day>', 'last day', day)
    .option('--test-mode', 'only some sessions of the newest days')
    .option('--test-mode-limit-sessions <n>', 'how many sessions in test mode (default: 200)', positive)
    .option('--filters <filters>', "only sessions that fit, as in the address of ET's web page")
    .action(act(actions.run));
  program
    .command('backfill')
    .description('load history; with AMQP_URL by the running services, else in this process')
    .requiredOption('--from <day>', 'first day', day)
    .requiredOption('--to <day>', 'last day', day)
    .option('--filters <filters>', "only sessions that fit, as in the address of ET's web page")
    .option('--force', 'read verified days again')
    .option('--wait', 'show progress until it is done')
    .action(act(actions.backfill));
  program
    .command('sync')
    .description('the daily run now; with AMQP_URL by the running services, else in this process')
    .option('--wait', 'show progress until it is done')
    .action(act(actions.sync));
  program
    .command('heal')
    .description('read again what is not proven complete, and ask again for details that were not to be had')
    .option('--allow-deletes', 'also where ET no longer lists more conversations than MAX_DELETE_RATIO allows')
    .option('--wait', 'show progress until it is done')
    .action(act(actions.heal));
  for (const [action, description] of [
    ['pause', 'hold a run: what is in hand is finished, nothing more is asked of ET'],
    ['resume', 'go on with a paused run'],
    ['cancel', 'end a run'],
  ] as const) {
    const control = (runId: string) => actions.control(runId, action);
    program.command(`${action} <run>`).description(description).action(act(control));
  }
  program
    .command('status')
    .description('what is loaded, what is not, and why')
    .option('--json', 'for programs')
    .option('--watch', 'again every two seconds, until Ctrl+C')
    .action(act(actions.status));
  program
    .command('gaps')
    .description('days that are not proven complete and details that are missing, with reasons')
    .option('--json', 'for programs')
    .action(act(actions.gaps));
  addDeadLetterCommands(program, actions.dlq, act);
  addRejectCommands(program, actions.rejects, act);
  const schema = program.command('schema').description('tables, indexes and views of the database itself');
  schema
    .command('plan')
    .description('print what the database lacks as a script; exit code 2 where it lacks something')
    .addOption(new Option('--dialect <dialect>', 'of another database: all it needs').choices(dialectNames))
    .action(act(actions.planSchema));
  schema.command('apply').description('run that script').action(act(actions.applySchema));
  addTopologyCommands(program, actions.topology, act);
  program.command('start', { hidden: true }).action(act(actions.start));

  await program.parseAsync(args, { from: 'user' });
  return code;
}

function day(text: string): string {
  if (isDay(text)) return text;
  const form = /^\d{4}-\d{2}-\d{2}$/.test(text) ? 'There is no such day' : 'Write a day as YYYY-MM-DD';
  throw new InvalidArgumentError(`${form}.`);
}

function positive(text: string): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw new InvalidArgumentError('Write a whole number from 1.');
  return number;
}
