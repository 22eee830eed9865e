import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { freePort } from '../support/servers/processes.js';
import { until } from '../support/until.js';
import { docker } from './docker.js';

const START_MS = 180_000;
const LOOK_MS = 100;
/** Each a file in the folder that `SECRETS` names. */
const SECRETS = ['et', 'database', 'database_admin'].concat(
  ['administrator', 'extractor', 'transformer', 'loader', 'operator'].map((account) => `amqp_${account}`),
);

/** A container as `docker compose ps` tells of it. */
export interface Container {
  readonly ID: string;
  readonly Service: string;
  readonly State: string;
  /** '' without a health check. */
  readonly Health: string;
  readonly ExitCode: number;
}

/** Nothing of the shell's own but what Docker itself needs: no setting of a `.env` either. */
export function compose(envFile: string, ...args: string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|HOME|DOCKER_.*)$/.test(name)));
  return docker(['compose', '--ansi', 'never', '--env-file', envFile, ...args], { env });
}

/** `docker-compose.yml` under a name, with passwords, ports and volumes of its own. Call `remove` in any case. */
export class Composition {
  private readonly scales: string[] = [];

  private constructor(
    private readonly name: string,
    private readonly folder: string,
    private readonly ports: { readonly amqp: number; readonly database: number },
    private readonly passwords: ReadonlyMap<string, string>,
  ) {}

  /** `settings` are those of `.env`. Nothing is started yet. */
  static async prepare(settings: Readonly<Record<string, string | number>>): Promise<Composition> {
    const folder = mkdtempSync(path.join(tmpdir(), 'etl-compose-'));
    const [amqp, management, database] = await Promise.all([freePort(), freePort(), freePort()]);
    // As `openssl rand -base64 24` makes them: signs that a URL would have to encode among them.
    const passwords = new Map(SECRETS.map((name) => [name, `${randomBytes(18).toString('base64')}+/=`]));
    for (const [name, password] of passwords) writeFileSync(path.join(folder, name), `${password}\n`);
    const ports = { AMQP_PORT: amqp, AMQP_MANAGEMENT_PORT: management, DATABASE_PORT: database };
    const lines = Object.entries({ SECRETS: folder, ...ports, ...settings }).map(([name, value]) => `${name}=${value}`);
    writeFileSync(path.join(folder, 'env'), lines.join('\n'));
    return new Composition(`etl-test-${process.pid}`, folder, { amqp, database }, passwords);
  }

  /** The broker seen from this machine. */
  amqpUrl(account: 'administrator' | 'operator'): string {
    return `amqp://${account}:${this.password(`amqp_${account}`)}@127.0.0.1:${this.ports.amqp}`;
  }

  databaseUrl(): string {
    return `postgresql://etl:${this.password('database')}@127.0.0.1:${this.ports.database}/ender_turing`;
  }

  /** `docker compose …` with the demo's ET and PostgreSQL. */
  compose(...args: string[]): Promise<string> {
    const own = ['--project-name', this.name, '--profile', 'demo', '--profile', 'postgres'];
    return compose(path.join(this.folder, 'env'), ...own, ...args);
  }

  /** Starts what does not run, so many of a service as told last, and waits until all of it is ready. */
  async up(scale: Readonly<Record<string, number>> = {}): Promise<void> {
    for (const [service, replicas] of Object.entries(scale)) this.scales.push('--scale', `${service}=${replicas}`);
    await this.compose('up', '--detach', '--no-build', ...this.scales);
    await this.ready();
  }

  /** Resolves once every container is healthy, or has done its one job. */
  async ready(): Promise<void> {
    await until('all are healthy', async () => (await this.containers()).every(isReady), START_MS, LOOK_MS);
  }

  async containers(): Promise<Container[]> {
    const output = await this.compose('ps', '--all', '--format', 'json');
    const lines = output.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Container);
  }

  /** kill -9 of one container of each service. Docker starts nothing again that was killed by hand, so we do. */
  async crash(...services: string[]): Promise<void> {
    const containers = await this.containers();
    const ids = services.flatMap((service) => containers.find(({ Service }) => Service === service)?.ID ?? []);
    await docker(['kill', '--signal', 'KILL', ...ids]);
    await docker(['start', ...ids]);
  }

  /** Takes containers, networks and volumes away. */
  async remove(): Promise<void> {
    await this.compose('--profile', 'tools', 'down', '--volumes', '--remove-orphans', '--timeout', '1');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private password(name: string): string {
    return encodeURIComponent(this.passwords.get(name) ?? '');
  }
}

function isReady({ State, Health, ExitCode, Service }: Container): boolean {
  if (State === 'exited' && ExitCode !== 0) throw new Error(`${Service} ended with ${ExitCode}`);
  return State === 'exited' || (State === 'running' && Health === 'healthy');
}
