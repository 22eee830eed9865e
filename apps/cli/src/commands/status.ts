import type { Environment } from '#config';

import { connectBroker } from '../broker.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { readStatus } from '../ledger.js';
import { outputWidth, tell } from '../output.js';
import { statusLines } from '../report/status.js';
import { answered, ANSWER_MS, type Remote } from './remote.js';

/** How everything stands: asked of the running services, or read from the database of the one process. */
export async function status(environment: Environment, remote: Remote | undefined, json: boolean): Promise<ExitCode> {
  const report = remote ? await asked(remote) : await readStatus(environment);
  if (json) tell([JSON.stringify(report)]);
  else tell(report ? statusLines(report, outputWidth()) : ['Nothing is loaded yet: et-etl run starts.']);
  return exitCodes.verified;
}

async function asked(remote: Remote) {
  const { publisher, close } = await connectBroker(remote.amqpUrl, remote.logLevel);
  try {
    return (await answered(publisher.ask({ type: 'status' }, ANSWER_MS))).status;
  } finally {
    await close();
  }
}
