import { runCli, startApp, type Settings, type Started } from '../e2e/processes.js';
import { until } from '../support/until.js';
import type { Ground } from './ground.js';
import { standingOf } from './standing.js';

/** One of the two ways of running, and how a scenario acts upon its processes. */
export interface Way {
  /** Starts everything; the first time asks for a backfill of all days. */
  start(): Promise<void>;
  /** kill -9 of every process; resolves once nothing they began goes on either. */
  kill(): Promise<void>;
  /** Resolves once the backfill is done. */
  finished(): Promise<void>;
  /** Ends what is left, in peace. */
  stop(): Promise<void>;
  /** Messages that a fault outside was held against, in words. */
  attemptsUsed(): string[];
}

export const services = ['loader', 'transformer', 'extractor'] as const;
export type Service = (typeof services)[number];

const PATIENCE_MS = 60_000;
/** A look is a connection to the database. */
const LOOK_MS = 100;

/** What services say. */
const RUNNING = 'service is running';
const RETRIED = 'message failed and will be retried';

/** One of each service, over RabbitMQ into PostgreSQL. */
export class Services implements Way {
  private readonly running = new Map<Service, Started>();
  private readonly words: string[] = [];
  private orders = 0;

  constructor(
    private readonly ground: Ground,
    private readonly settings: Settings = ground.settings,
  ) {}

  async start(which: readonly Service[] = services, build?: string): Promise<void> {
    for (const service of which) this.running.set(service, startApp(service, [], this.settings, undefined, build));
    if (this.orders === 0) await this.order();
  }

  /** The processes that run. */
  pids(): [Service, number][] {
    return [...this.running].flatMap(([service, { child }]) => (child.pid === undefined ? [] : [[service, child.pid]]));
  }

  /** Asks for a backfill of all days; with `--force` of those that are verified as well. */
  async order(...options: string[]): Promise<void> {
    this.orders += 1;
    const { code, stderr } = await runCli(['backfill', ...this.ground.range, ...options], this.settings);
    if (code !== 0) throw new Error(`the backfill could not be ordered: ${stderr}`);
  }

  async kill(which: readonly Service[] = services): Promise<void> {
    await this.end(which, 'SIGKILL');
    if (this.running.size === 0) await this.abandoned();
  }

  /** SIGTERM, as Docker and Kubernetes send it; gives how each ended. */
  async stop(which: readonly Service[] = services): Promise<void> {
    const codes = await this.end(which, 'SIGTERM');
    // Null: it had only begun to start, and the signal itself ended it.
    const bad = codes.filter((code) => code !== 0 && code !== null);
    if (bad.length > 0) throw new Error(`a service told to stop ended with ${bad.join(', ')}`);
  }

  async finished(): Promise<void> {
    const done = async () => {
      for (const [service, { child, said }] of this.running) {
        if (child.exitCode === null) continue;
        throw new Error(`the ${service} ended by itself, with ${child.exitCode}: ${said().slice(-2000)}`);
      }
      return this.idle();
    };
    await until('the backfill is done', done, 600_000, LOOK_MS);
  }

  /** Whether everything ordered so far is done. */
  async idle(): Promise<boolean> {
    const { runs } = await standingOf(this.ground);
    return runs.length >= this.orders && !runs.includes('open');
  }

  /** Resolves once the database answers again. */
  recovered(): Promise<void> {
    const answers = () =>
      standingOf(this.ground).then(
        () => true,
        () => false,
      );
    return until('the database answers', answers, PATIENCE_MS, LOOK_MS);
  }

  /** SIGTERM of one once another of it, perhaps of another build, is at work, as a rolling update does it. */
  async replace(service: Service, build?: string): Promise<void> {
    const next = startApp(service, [], this.settings, undefined, build);
    const isDecided = () => next.said().includes(RUNNING) || next.child.exitCode !== null;
    await until(`the next ${service} is at work`, isDecided, PATIENCE_MS);
    await this.stop([service]);
    this.running.set(service, next);
  }

  /** What all said so far. */
  said(): string {
    return [...this.words, ...[...this.running.values()].map((one) => one.said())].join('');
  }

  attemptsUsed(): string[] {
    return attemptsIn(this.said());
  }

  private async end(which: readonly Service[], signal: NodeJS.Signals): Promise<(number | null)[]> {
    const codes: (number | null)[] = [];
    const ending = which.flatMap((service) => this.running.get(service) ?? []);
    for (const service of which) this.running.delete(service);
    const fallen = ending.filter(({ child }) => child.exitCode !== null);
    for (const { child } of ending) child.kill(signal);
    for (const { ended } of ending) {
      const { code, stdout, stderr } = await ended;
      codes.push(code);
      this.words.push(stdout, stderr);
    }
    if (fallen.length > 0) throw new Error(`a service ended by itself: ${this.words.join('').slice(-2000)}`);
    return codes;
  }

  /** The database finishes what a killed client has sent it. */
  private abandoned(): Promise<void> {
    const others = `select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    const isAlone = async () => Number(await this.ground.read((reader) => reader.value(others))) === 0;
    return until('nobody else is connected', isAlone, PATIENCE_MS, LOOK_MS);
  }
}

/** `et-etl backfill` without a broker: everything in one process, into SQLite. */
export class OneProcess implements Way {
  private running: Started | undefined;
  private readonly words: string[] = [];

  constructor(private readonly ground: Ground) {}

  async start(): Promise<void> {
    // Unless told, it says nothing of messages.
    const settings = { ...this.ground.settings, LOG_LEVEL: 'info' };
    this.running = startApp('cli', ['backfill', ...this.ground.range], settings, this.ground.folder);
  }

  async kill(): Promise<void> {
    this.running?.child.kill('SIGKILL');
    const code = await this.ended();
    if (typeof code === 'number' && code !== 0)
      throw new Error(`et-etl backfill ended by itself: ${this.words.join('').slice(-2000)}`);
  }

  async finished(): Promise<void> {
    const code = await this.ended();
    if (code !== 0) throw new Error(`et-etl backfill ended with ${code}`);
  }

  stop(): Promise<void> {
    return this.kill();
  }

  attemptsUsed(): string[] {
    return attemptsIn(this.words.join(''));
  }

  private async ended(): Promise<number | null | undefined> {
    const ended = await this.running?.ended;
    this.words.push(ended?.stdout ?? '', ended?.stderr ?? '');
    this.running = undefined;
    return ended?.code;
  }
}

function attemptsIn(said: string): string[] {
  const lines = said.split('\n').filter((line) => line.includes(RETRIED));
  return lines.length === 0 ? [] : [`${lines.length} attempts were used up: ${lines[0]?.slice(0, 600)}`];
}
