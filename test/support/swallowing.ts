import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { pipeline, Transform } from 'node:stream';

/** The AMQP method by which a broker confirms what was published: class and number. */
const CONFIRM = { class: 60, method: 80 } as const;
const METHOD_FRAME = 1;
/** Type, channel and length of a frame before what it holds, and the octet that ends it. */
const HEAD = 7;
const TAIL = 1;

/** A way to a broker that loses confirmations while it is told to, as a queue does whose leader is stuck. */
export interface Swallowing {
  readonly url: string;
  /** Whether it does. */
  on: boolean;
  /** Confirmations lost so far. */
  readonly swallowed: number;
  close(): Promise<void>;
}

export async function swallowing(target: URL): Promise<Swallowing> {
  const state = { on: false, swallowed: 0 };
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5672), target.hostname);
    // Either end may go at any time, and takes the other with it.
    pipeline(near, far, () => near.destroy());
    pipeline(
      far,
      filtered((frame) => {
        const isLost = state.on && isConfirm(frame);
        if (isLost) state.swallowed += 1;
        return !isLost;
      }),
      near,
      () => far.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return Object.assign(state, {
    url: url.href,
    close: async () => void (await new Promise((closed) => server.close(closed))),
  });
}

/** Passes on the frames that are to be kept, whole. */
function filtered(isKept: (frame: Buffer) => boolean): Transform {
  let rest = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, passed) {
      rest = Buffer.concat([rest, chunk]);
      for (let frame = firstOf(rest); frame; frame = firstOf(rest)) {
        rest = rest.subarray(frame.length);
        if (isKept(frame)) this.push(frame);
      }
      passed();
    },
  });
}

function firstOf(bytes: Buffer): Buffer | undefined {
  if (bytes.length < HEAD) return undefined;
  const length = HEAD + bytes.readUInt32BE(3) + TAIL;
  return bytes.length < length ? undefined : bytes.subarray(0, length);
}

function isConfirm(frame: Buffer): boolean {
  return (
    frame[0] === METHOD_FRAME &&
    frame.readUInt16BE(HEAD) === CONFIRM.class &&
    frame.readUInt16BE(HEAD + 2) === CONFIRM.method
  );
}
