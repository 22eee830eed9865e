import { compare, differences } from '../e2e/comparison.js';
import { runCli } from '../e2e/processes.js';
import type { StatusReport } from '#contracts';
import type { Depth } from '#messaging';

import { brokerTraffic, noTraffic } from './broker-traffic.js';
import type { Ground } from './ground.js';
import type { Outcome } from './scenario.js';

/** What `et-etl status --json` tells; of one process without queues. */
type Told = StatusReport & { readonly queues: readonly Depth[] | null; readonly silence: readonly string[] };

/** What a scenario itself knows. */
type Injected = Pick<Outcome, 'faults' | 'readAgain' | 'wrong'>;

/** Compares database, ledger, dead letters and status with the truth: dead are the poisonous messages alone. Services have to be running. */
export async function verdict(ground: Ground, injected: Injected, poison = 0): Promise<Outcome> {
  const amqpUrl = ground.settings['AMQP_URL'];
  const traffic = amqpUrl === undefined ? noTraffic : await brokerTraffic(amqpUrl);
  const truth = ground.truth();
  const comparison = await ground.read((reader) => compare(reader, truth));
  const wrong = [
    ...injected.wrong,
    ...(await ground.read((reader) => differences(reader, truth))),
    ...(await falseCoverage(ground)),
    ...(await falseStatus(ground, truth, poison)),
    ...(traffic.deadLetters === poison ? [] : [`${traffic.deadLetters} dead letters of ${poison} poisonous messages`]),
  ];
  return { ...injected, ...comparison, ...traffic, wrong };
}

/** Days that are not verified, or with another number than ET's. */
async function falseCoverage(ground: Ground): Promise<string[]> {
  const rows = await ground.read((reader) => reader.all('select day, state, et_count, loaded from etl_coverage'));
  const told = new Map(rows.map((row) => [String(row['day']), row]));
  return Object.entries(ground.emulator.tenant.counts()).flatMap(([day, sessions]) => {
    const { state, et_count: counted, loaded } = told.get(day) ?? {};
    const isTrue = state === 'verified' && Number(counted) === sessions && Number(loaded) === sessions;
    return isTrue ? [] : [`${day} of ${sessions} sessions: ${String(state)}, ${String(counted)}, ${String(loaded)}`];
  });
}

/** What `et-etl status` says that is not so. */
async function falseStatus(
  ground: Ground,
  truth: ReadonlyMap<string, readonly unknown[]>,
  poison: number,
): Promise<string[]> {
  const { code, stdout, stderr } = await runCli(['status', '--json'], ground.settings, ground.folder);
  if (code !== 0) return [`et-etl status ended with ${code}: ${stderr}`];
  const status = JSON.parse(stdout) as Told;
  const dead = (status.queues ?? []).reduce((sum, queue) => sum + queue.dead, status.deadLetters);
  const told: Record<string, unknown> = {
    'runs that are not done': status.runs.filter(({ state }) => state !== 'done').length,
    'slices in work': status.lanes.reduce((sum, { planned, queued }) => sum + planned + queued, 0),
    'unknown details': status.unknownDetails,
    rejects: status.rejects,
    'deletes to be confirmed': status.heldDeletes,
    'dead letters beside the poison': dead - poison,
    'things it could not find out': status.silence.length,
    'problems of the last run': status.runs[0]?.problems.length,
  };
  const counts = Object.entries(status.tables).filter(([name, rows]) => rows !== truth.get(name)?.length);
  return [
    ...Object.entries(told).flatMap(([what, number]) =>
      number === 0 ? [] : [`status tells of ${String(number)} ${what}`],
    ),
    ...counts.map(([name, rows]) => `status tells of ${rows} rows in ${name}`),
    ...(status.lastVerifiedDay === ground.days.at(-1) ? [] : [`status: verified up to ${status.lastVerifiedDay}`]),
  ];
}
