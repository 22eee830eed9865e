import { spawn } from 'node:child_process';
import path from 'node:path';

import { freshDatabase } from '../support/databases.js';
import { freshVhost } from '../support/vhosts.js';
import { cpuSecondsOf, nodeFlags, peakOf, runProgram, startEmulatorProcess } from './program.js';

export interface ServicesFigure {
  readonly sessions: number;
  readonly seconds: number;
  readonly sessionsPerSecond: number;
  readonly extractorMiB: number;
  readonly transformerMiB: number;
  readonly loaderMiB: number;
  /** Seconds of processor time for 10,000 sessions, the start of the process included. */
  readonly extractorCpu: number;
  readonly transformerCpu: number;
  readonly loaderCpu: number;
}

/** One of each service over RabbitMQ into PostgreSQL, a backfill of 30 days, and what each process took. */
export async function benchServices(sessions: number): Promise<ServicesFigure> {
  const emulator = await startEmulatorProcess({ sessions, days: 30, 'last-day': '2026-11-20' });
  const [database, vhost] = [await freshDatabase('postgresql'), await freshVhost()];
  const env = {
    ET_URL: emulator.url,
    ET_USER: emulator.user,
    ET_PASSWORD: emulator.password,
    ET_TIMEZONE: 'UTC',
    SYNC_CRON: '0 0 29 2 *',
    DATABASE_URL: database.url,
    AMQP_URL: vhost.url,
    LOG_LEVEL: 'warn',
  };
  const main = (app: string): string => path.resolve('dist/apps', app, 'src/main.js');
  const apps = ['extractor', 'transformer', 'loader'].map((app) =>
    spawn(process.execPath, [...nodeFlags, main(app)], { env: { ...process.env, ...env }, stdio: 'inherit' }),
  );
  try {
    const backfill = ['backfill', '--from', '2026-10-22', '--to', '2026-11-20', '--wait'];
    const usage = await runProgram(main('cli'), backfill, env);
    if (usage.code !== 0) throw new Error(`et-etl backfill ended with ${usage.code}:\n${usage.tail}`);
    const [extractorMiB = 0, transformerMiB = 0, loaderMiB = 0] = apps.map(({ pid }) => peakOf(pid));
    const [extractorCpu = 0, transformerCpu = 0, loaderCpu = 0] = apps.map(({ pid }) =>
      rounded((cpuSecondsOf(pid) * 10_000) / sessions),
    );
    return {
      sessions,
      seconds: rounded(usage.seconds),
      sessionsPerSecond: Math.round(sessions / usage.seconds),
      extractorMiB,
      transformerMiB,
      loaderMiB,
      extractorCpu,
      transformerCpu,
      loaderCpu,
    };
  } finally {
    await Promise.all(
      apps.map((app) => {
        const ended = new Promise((resolve) => app.once('close', resolve));
        app.kill('SIGTERM');
        return ended;
      }),
    );
    await emulator.stop();
    await Promise.all([database.drop(), vhost.drop()]);
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
