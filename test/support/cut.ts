import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Where a URL may leave its port out. */
const usualPorts: Readonly<Record<string, number>> = {
  'postgresql:': 5432,
  'postgres:': 5432,
  'amqp:': 5672,
  'http:': 80,
};

/** How long a cut waits for something to come along. */
const AMID_MS = 200;

/** A way to a server that a test can cut: connections are dropped, and new ones refused until it is mended. */
export class Cut {
  /** Both directions of each connection. */
  private readonly streams = new Map<Socket, Socket>();
  private server: Server | undefined;
  private port = 0;

  /** All that the server says goes through the filter, where one is given: a new one for each connection. */
  constructor(
    private readonly target: URL,
    private readonly filter?: () => Duplex,
  ) {}

  /** The target's URL over this way. */
  get url(): string {
    const url = new URL(this.target);
    // The server may run elsewhere, as in a container.
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  async mend(): Promise<void> {
    const { port, protocol, hostname } = this.target;
    this.server = createServer((socket) => this.join(socket, connect(Number(port || usualPorts[protocol]), hostname)));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.streams.keys()) socket.destroy();
    if (server) await new Promise((closed) => server.close(closed));
  }

  /**
   * Cuts each connection in mid-frame: half of what comes along next in either direction arrives, and nothing more. Gives
   * how many directions that befell; nothing came along the others in time.
   */
  async cutInMidFrame(): Promise<number> {
    const signal = AbortSignal.timeout(AMID_MS);
    const halved = [...this.streams].map(async ([from, to]) => {
      from.unpipe(to);
      const next = once(from, 'data', { signal }) as Promise<[Buffer]>;
      from.resume();
      return next.then(
        ([chunk]) => to.write(chunk.subarray(0, chunk.length / 2)),
        () => undefined,
      );
    });
    const befallen = (await Promise.all(halved)).filter((written) => written !== undefined).length;
    await this.cut();
    return befallen;
  }

  private join(...[near, far]: [Socket, Socket]): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.streams.set(from, to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.streams.delete(from);
        to.destroy();
      });
    }
    near.pipe(far);
    (this.filter ? far.pipe(this.filter()) : far).pipe(near);
  }
}
