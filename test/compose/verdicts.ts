import { readFileSync } from 'node:fs';

import type { Detail } from '#contracts';

import { depths } from '../chaos/broker-traffic.js';
import { compare, differences } from '../e2e/comparison.js';
import type { Tenant } from '../emulator/tenant.js';
import { truthByTable } from '../emulator/truth.js';
import { inDatabase } from './backfills.js';
import { compose, type Composition } from './composition.js';
import { sizeOf } from './docker.js';

/** What all images are built on, as the Dockerfile says. */
export const BASE_IMAGE = /NODE_IMAGE=(\S+)/.exec(readFileSync('Dockerfile', 'utf8'))?.[1] ?? '';
const TARGETS = ['extractor', 'transformer', 'loader', 'cli', 'emulator'];
/** What an image may have over its base. */
const MOST_MEGABYTES = 120;

/** Throws where there is anything to name. */
export function none(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** Databases whose images need not be here: their services can at least be read, and nothing starts without passwords. */
export async function configured(): Promise<void> {
  for (const profile of ['mssql', 'postgres', 'mariadb', 'demo', 'tools']) {
    await compose('.env.example', '--profile', profile, 'config', '--quiet');
  }
  const told = await compose('/dev/null', 'config', '--quiet').catch(String);
  none(told.includes('variable SECRETS is missing') ? [] : [`without a .env: ${told}`]);
}

export async function sizes(version: string): Promise<string[]> {
  const base = await sizeOf(BASE_IMAGE);
  const own = await Promise.all(
    TARGETS.map(async (target) => ({
      target,
      megabytes: Math.round(((await sizeOf(`ender-turing-etl-${target}:${version}`)) - base) / 1e6),
    })),
  );
  none(own.flatMap(({ target, megabytes }) => (megabytes > MOST_MEGABYTES ? [`${target} has ${megabytes} MB`] : [])));
  return own.map(({ target, megabytes }) => `${target}: ${megabytes} MB over ${BASE_IMAGE}`);
}

/** Compares every row with what the emulator has of these days, and every day's state with its count. */
export async function compared(
  composition: Composition,
  tenant: Tenant,
  details: readonly Detail[],
  to: string,
): Promise<string[]> {
  const truth = truthByTable(tenant, { details, to });
  return inDatabase(composition, async (reader) => {
    none(await differences(reader, truth));
    const coverage = await reader.all('select day, state, loaded from etl_coverage');
    const told = new Map(coverage.map(({ day, state, loaded }) => [String(day), `${String(state)} ${String(loaded)}`]));
    const days = Object.entries(tenant.counts()).filter(([day]) => day <= to);
    none(days.flatMap(([day, count]) => (told.get(day) === `verified ${count}` ? [] : [`${day}: ${told.get(day)}`])));
    const { rows, lost, twice, stale } = await compare(reader, truth);
    return [`${rows} rows of ${days.length} days: ${lost} lost, ${twice} twice, ${stale} stale`];
  });
}

/** Neither for the administrator, nor for the operator, who may do little else than look. */
export async function noDeadLetters(composition: Composition): Promise<void> {
  const dead = (await depths(composition.amqpUrl('administrator'), '.dlq')).reduce((sum, depth) => sum + depth, 0);
  const told = await composition.compose('run', '--rm', '-T', 'cli', 'dlq', 'ls', '--json');
  none(dead === 0 && told.trim() === '[]' ? [] : [`${dead} dead letters: ${told}`]);
}

/** SIGTERM, as `docker compose stop` sends it. */
export async function endInPeace(composition: Composition, services: readonly string[]): Promise<void> {
  await composition.compose('stop', ...services);
  const ended = (await composition.containers()).filter(({ Service }) => services.includes(Service));
  none(ended.flatMap(({ Service, ExitCode }) => (ExitCode === 0 ? [] : [`${Service} ended with ${ExitCode}`])));
}
