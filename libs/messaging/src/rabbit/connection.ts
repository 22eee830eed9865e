import { unescape } from 'node:querystring';

import { connect, credentials, type ChannelModel, type RecoveringChannelModel } from 'amqplib';

import { nextLink, type Link } from '../link.js';
import type { Log } from '../log.js';
import { reasonOf } from '../settlement.js';
import { orAborted } from '../waiting.js';
import { WiringFault } from './wiring-fault.js';

/** How `amqps://` is spoken, each as PEM; without `ca` the authorities that Node trusts. */
export interface BrokerTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface ConnectionOptions {
  readonly url: string;
  /** For `amqps://`. */
  readonly tls?: BrokerTls | undefined;
  /** Shown on the broker's list of connections. */
  readonly name: string;
  readonly logger: Log;
  /** Runs on every new connection before it counts as ready. */
  readonly setup?: (model: ChannelModel) => Promise<void>;
  /** Told how it stands, each time that changes. */
  readonly told?: (link: Link) => void;
}

type Account = ReturnType<typeof credentials.plain>;

const HEARTBEAT_S = 15;
const HANDSHAKE_MS = 10_000;
const LOG_EVERY_MS = 5_000;
const recovery = { initialDelay: 200, maxDelay: 5_000, jitter: 0.5 };

/** One connection that mends itself; whoever uses it asks for a living one each time. */
export class RabbitConnection {
  private model: ChannelModel | undefined;
  private blocked = false;
  private closed = false;
  private readonly waiters = new Set<() => void>();
  private loggedAt = 0;
  private link: Link = { state: 'connecting', since: new Date() };

  private constructor(
    private readonly connection: RecoveringChannelModel,
    private readonly broker: string,
    private readonly options: ConnectionOptions,
  ) {
    connection.on('connect', (model) => {
      this.blocked = false;
      this.change(model);
      this.tell('connected');
    });
    connection.on('disconnect', (error) => {
      this.change(undefined);
      this.complain(error, 'connection to the broker lost');
    });
    connection.on('connect-failed', (error) => this.complain(error, 'waiting for the broker'));
    connection.on('blocked', (reason) => {
      this.blocked = true;
      options.logger.warn({ broker, reason }, 'the broker takes no messages for now');
      this.tell('blocked', reason);
    });
    connection.on('unblocked', () => {
      this.blocked = false;
      this.change(this.model);
      this.tell('connected');
    });
    // Told by 'disconnect' as well; without a listener it would end the process.
    connection.on('error', () => undefined);
    connection.on('handler-error', (error: Error) =>
      options.logger.error({ error }, 'a listener of the connection failed'),
    );
  }

  /**
   * Tries for ever, telling every few seconds what it waits for. Throws `WiringFault` where trying again cannot help:
   * a malformed URL, refused credentials, an unknown virtual host, a topology that does not fit.
   */
  static async open(options: ConnectionOptions): Promise<RabbitConnection> {
    const url = parsed(options.url);
    const broker = `${url.host}${url.pathname}`;
    url.searchParams.set('heartbeat', url.searchParams.get('heartbeat') ?? String(HEARTBEAT_S));
    const setup = async (model: ChannelModel): Promise<void> => {
      // During setup nobody else listens, and an 'error' without a listener ends the process.
      model.on('error', () => undefined);
      await options.setup?.(model);
    };
    const account = accountOf(url);
    const connection = await connect(url.href, {
      recovery: { ...recovery, setup, waitForConnect: false },
      clientProperties: { connection_name: options.name },
      ...(account && { credentials: account }),
      timeout: HANDSHAKE_MS,
      ...options.tls,
      noDelay: true,
    });
    const opened = new RabbitConnection(connection, broker, options);
    await new Promise<void>((resolve, reject) => {
      connection.once('connect', () => resolve());
      connection.on('connect-failed', (error: Error) => {
        const fault = wiringFault(error, broker);
        if (fault) reject(fault);
      });
    }).catch(async (error: unknown) => {
      await connection.close();
      throw error;
    });
    return opened;
  }

  /** Whether the broker has stopped reading from this connection (memory or disk alarm). */
  get isBlocked(): boolean {
    return this.blocked;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** A living connection that the broker reads from. Rejects with the signal's reason, or once closed for good. */
  async ready(signal: AbortSignal): Promise<ChannelModel> {
    for (;;) {
      if (this.closed) throw new Error('the connection to the broker is closed');
      if (this.model && !this.blocked) return this.model;
      await this.changed(signal);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.change(undefined);
    await this.connection.close();
  }

  /** Who gives up leaves nothing behind: a broker may be away for days, and is asked for every few seconds. */
  private async changed(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiters.add(resolve);
    try {
      await orAborted(promise, signal);
    } finally {
      this.waiters.delete(resolve);
    }
  }

  private change(model: ChannelModel | undefined): void {
    this.model = model;
    for (const wake of this.waiters) wake();
  }

  private tell(state: Link['state'], reason?: string): void {
    this.link = nextLink(this.link, state, reason, new Date());
    this.options.told?.(this.link);
  }

  private complain(error: Error, text: string): void {
    this.tell('connecting', reasonOf(error));
    const now = Date.now();
    if (now - this.loggedAt < LOG_EVERY_MS) return;
    this.loggedAt = now;
    this.options.logger.warn({ broker: this.broker, connection: this.options.name, error }, text);
  }
}

function parsed(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['amqp:', 'amqps:'].includes(url.protocol) && url.hostname) return url;
  // The text may hold a password.
  throw new WiringFault("the broker's URL has to look like amqp://user:password@host:5672/virtual-host");
}

/** amqplib takes what is percent-encoded for Latin-1, and would send another password than was meant. */
function accountOf({ username, password }: URL): Account | undefined {
  return username === '' && password === '' ? undefined : credentials.plain(unescape(username), unescape(password));
}

function wiringFault(error: Error, broker: string): WiringFault | undefined {
  if (error instanceof WiringFault) return error;
  if (error.message.startsWith('Handshake terminated by server: 403')) {
    return new WiringFault(`${broker} refuses user or password`, { cause: error });
  }
  // amqplib does not pass on what the broker says of a virtual host.
  if (error.message.startsWith('Expected ConnectionOpenOk')) {
    return new WiringFault(`${broker} has no such virtual host, or the user no right to it`, { cause: error });
  }
  // Either side's certificate: the words are OpenSSL's.
  if (/certificate/i.test(error.message)) {
    const mend = 'AMQP_TLS_CA names the authorities that signed its certificate, AMQP_TLS_CERT our own';
    return new WiringFault(`no TLS with ${broker}: ${error.message}; ${mend}`, { cause: error });
  }
  return undefined;
}
