import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What is lost on the way, with the connection. */
export type Loss = 'request' | 'answer';

/** A way to a server that loses one connection, when told to; new ones are let through. */
export class LossyWay {
  /** How many there were since it was last asked to lose one. */
  requests = 0;
  private lost: { readonly what: Loss; readonly request: number } | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {}

  static async to(target: { readonly host: string; readonly port: number }): Promise<LossyWay> {
    const server = createServer();
    const way = new LossyWay(server, target);
    server.on('connection', (socket) => way.join(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return way;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks once, at this request from now on: before it arrives, or once it is answered. At 0 it does not. */
  lose(what: Loss, request: number): void {
    this.requests = 0;
    this.lost = { what, request };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket): void {
    const far = connect(this.target.port, this.target.host);
    let answerIsLost = false;
    near.on('data', (request) => {
      this.requests += 1;
      if (this.requests === this.lost?.request) {
        if (this.lost.what === 'request') return near.destroy();
        answerIsLost = true;
      }
      far.write(request);
    });
    far.on('data', (answer) => (answerIsLost ? near.destroy() : near.write(answer)));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
