import { promisify } from 'node:util';
import { constants, gunzip, zstdCompress, zstdDecompress } from 'node:zlib';

import { COMPRESS_ABOVE_BYTES, JsonFault, MAX_BODY_BYTES, readJson } from '#contracts';

import { RejectedError } from './failures.js';

/** Level 1 beats gzip 1 in ratio and speed on this kind of JSON; the asynchronous form keeps heartbeats going. */
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const limit = { maxOutputLength: MAX_BODY_BYTES };
const deflate = promisify(zstdCompress);
const inflate = {
  zstd: promisify(zstdDecompress),
  gzip: promisify(gunzip),
};

/** A body up to this cannot hold enough to do harm, and looking first costs half of what reading does. */
const HARMLESS_BYTES = 1024 * 1024;

export interface Packed {
  readonly body: Buffer;
  readonly contentEncoding: 'zstd' | undefined;
}

/**
 * A value as JSON bytes, compressed above `COMPRESS_ABOVE_BYTES` if asked. Throws `RejectedError` if it is too long, or
 * nested too deep to be written.
 */
export async function pack(value: unknown, compress: boolean): Promise<Packed> {
  const body = Buffer.from(written(value));
  if (body.length > MAX_BODY_BYTES) throw tooLong();
  if (!compress || body.length <= COMPRESS_ABOVE_BYTES) return { body, contentEncoding: undefined };
  return { body: await deflate(body, zstdOptions), contentEncoding: 'zstd' };
}

/**
 * The value that was packed: zstd, gzip or plain JSON. Throws `RejectedError` on anything else; its text never quotes
 * the body.
 */
export async function unpack(body: Buffer, contentEncoding: string | undefined): Promise<unknown> {
  const json = await inflated(body, contentEncoding);
  if (json.length > MAX_BODY_BYTES) throw tooLong();
  try {
    return json.length > HARMLESS_BYTES ? readJson(json) : (JSON.parse(json.toString('utf8')) as unknown);
  } catch (error) {
    // JSON.parse quotes the text it failed on, so its error must not travel.
    throw new RejectedError(`the body ${error instanceof JsonFault ? error.message : 'is not JSON'}`);
  }
}

function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RejectedError('the message is nested too deep to be written', { cause });
  }
}

async function inflated(body: Buffer, contentEncoding: string | undefined): Promise<Buffer> {
  switch (contentEncoding) {
    case undefined:
    case '':
    case 'identity':
    case 'utf-8':
      return body;
    case 'zstd':
    case 'gzip':
      try {
        return await inflate[contentEncoding](body, limit);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong();
        throw new RejectedError(`the body is not ${contentEncoding}, though its content encoding says so`, { cause });
      }
    default:
      throw new RejectedError('the content encoding is neither zstd, gzip nor identity');
  }
}

function tooLong(): RejectedError {
  return new RejectedError(`the body is longer than ${MAX_BODY_BYTES} bytes`);
}
