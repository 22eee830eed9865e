import { readFileSync } from 'node:fs';

import { managed } from './broker-traffic.js';
import type { Ground } from './ground.js';

/** Processes of PostgreSQL that work for the services; none while nobody is connected. */
export async function databaseProcesses(ground: Ground): Promise<number[]> {
  const others = `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  const rows = await ground.read((reader) => reader.all(others));
  return rows.map(({ pid }) => checked(Number(pid), 'postgres'));
}

/** The process of the broker, which its management API tells. */
export async function brokerProcess(): Promise<number> {
  const [node] = (await managed('GET', 'nodes')) as { os_pid: string }[];
  return checked(Number(node?.os_pid), 'beam.smp');
}

/** A server in a container, or on another machine, tells numbers that mean somebody else here. */
function checked(pid: number, program: string): number {
  const found = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  if (found !== program) throw new Error(`process ${pid} is ${found}: ${program} does not run on this machine`);
  return pid;
}
