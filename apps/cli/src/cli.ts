import 'reflect-metadata';

import { CommanderError } from 'commander';

import {
  ConfigurationError,
  embeddedSettings,
  isSet,
  operatorSettings,
  processEnvironment,
  type Environment,
} from '#config';
import { messageOf } from '#observability';

import { EtError } from '../../extractor/src/et/errors.js';
import { dayAt } from '../../extractor/src/planning/days.js';
import type { Remote } from './broker.js';
import { discardLetters, listLetters, redriveLetters, showLetter } from './commands/dlq/actions.js';
import { listRejects, replayRejects, showReject } from './commands/rejects/actions.js';
import type { Installation } from './commands/installation.js';
import { controlRemotely, order } from './commands/remote.js';
import { runEmbedded } from './commands/run-embedded.js';
import { applySchema, planSchema } from './commands/schema.js';
import { start } from './commands/start.js';
import { status, tellGaps, watchStatus } from './commands/status.js';
import { applyTopology, tellGrants } from './commands/topology/actions.js';
import { exitCodes, PreflightError, UsageError } from './exit-codes.js';
import { interruption } from './interruption.js';
import { controlInLedger } from './ledger.js';
import { tell, warn } from './output.js';
import { carryOut, type Actions } from './program.js';
import { backfillRequest, runRequest } from './requests.js';

/** `et-etl`: gives the process's exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const environment = processEnvironment();
  // `et-etl status | head` closes the pipe before we have said everything.
  process.stdout.on('error', () => process.exit(exitCodes.verified));
  try {
    return await carryOut(args, actionsIn(environment, interruption()));
  } catch (error) {
    return explain(error, environment.values.LOG_LEVEL === 'debug');
  }
}

function actionsIn(environment: Environment, signal: AbortSignal): Actions {
  const installation = (): Installation => ({ environment, remote: remoteIn(environment), signal });
  const today = (timezone: string) => dayAt(new Date(), timezone);
  return {
    async run(options) {
      refuseBesideServices(environment);
      const settings = embeddedSettings(environment);
      return runEmbedded(runRequest(options, today(settings.extractor.timezone)), settings, signal);
    },
    async backfill({ wait = false, ...options }) {
      const remote = remoteIn(environment);
      if (remote) {
        const { kind: type, ...request } = backfillRequest(options, today('UTC'));
        return order({ type, ...request }, remote, wait, signal);
      }
      const settings = embeddedSettings(environment);
      return runEmbedded(backfillRequest(options, today(settings.extractor.timezone)), settings, signal);
    },
    async sync({ wait = false }) {
      const remote = remoteIn(environment);
      if (remote) return order({ type: 'sync' }, remote, wait, signal);
      return runEmbedded({ kind: 'sync' }, embeddedSettings(environment), signal);
    },
    async heal({ allowDeletes = false, wait = false }) {
      const remote = remoteIn(environment);
      if (remote) return order({ type: 'heal', allowDeletes }, remote, wait, signal);
      return runEmbedded({ kind: 'heal', allowDeletes }, embeddedSettings(environment), signal);
    },
    async control(runId, action) {
      const remote = remoteIn(environment);
      const state = await (remote
        ? controlRemotely(runId, action, remote)
        : controlInLedger(environment, runId, action));
      if (state === null) throw new UsageError(`there is no run ${runId}; et-etl status lists them`);
      tell([`Run ${runId} is ${state}.`]);
      return exitCodes.verified;
    },
    status: ({ json = false, watch = false }) =>
      watch
        ? watchStatus(environment, remoteIn(environment), signal)
        : status(environment, remoteIn(environment), json),
    gaps: ({ json = false }) => tellGaps(environment, remoteIn(environment), json),
    planSchema: ({ dialect }) => planSchema(environment, dialect),
    applySchema: () => applySchema(environment),
    dlq: {
      ls: (options) => listLetters(installation(), options),
      show: (id, options) => showLetter(installation(), id, options),
      redrive: (options) => redriveLetters(installation(), options),
      discard: (options) => discardLetters(installation(), options),
    },
    rejects: {
      ls: (options) => listRejects(installation(), options),
      show: (id, options) => showReject(installation(), id, options),
      replay: (ids, options) => replayRejects(installation(), ids, options),
    },
    topology: {
      apply: (options) => applyTopology(installation(), options),
      users: () => tellGrants(installation()),
    },
    async start() {
      refuseBesideServices(environment);
      return start(environment, signal);
    },
  };
}

/** The running services, where the environment names their broker. Throws `ConfigurationError`. */
function remoteIn(environment: Environment): Remote | undefined {
  const { amqpUrl, amqpTls: tls, logLevel, amqpDeclare: declare } = operatorSettings(environment).service;
  return amqpUrl === undefined ? undefined : { amqpUrl, tls, logLevel, declare };
}

/** A process that loads alone takes over what services on the same database have in hand. */
function refuseBesideServices(environment: Environment): void {
  if (!isSet(environment, 'AMQP_URL')) return;
  throw new UsageError(
    'AMQP_URL is set, so the services load: use et-etl sync or et-etl backfill, or unset it to load in this process',
  );
}

/** Tells an error to a person, in as few lines as it takes, and gives its exit code. */
function explain(error: unknown, debugging: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof ConfigurationError) {
    warn(error.message);
    return exitCodes.usage;
  }
  if (error instanceof UsageError) {
    warn(`et-etl: ${error.message}`);
    return exitCodes.usage;
  }
  if (error instanceof PreflightError || error instanceof EtError) {
    warn(`et-etl: ${error.message}\n  ${error.hint}`);
    return exitCodes.failed;
  }
  warn(`et-etl: ${messageOf(error)}`);
  if (debugging && error instanceof Error) warn(error.stack ?? '');
  return exitCodes.failed;
}
