import { Transform } from 'node:stream';

import { Cut } from './cut.js';

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
  const isKept = (frame: Buffer): boolean => {
    const isLost = state.on && isConfirm(frame);
    if (isLost) state.swallowed += 1;
    return !isLost;
  };
  const way = new Cut(target, () => filtered(isKept));
  await way.mend();
  return Object.assign(state, { url: way.url, close: () => way.cut() });
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
