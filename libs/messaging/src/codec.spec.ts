import { COMPRESS_ABOVE_BYTES, MAX_BODY_BYTES } from '#contracts';
import fc from 'fast-check';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { pack, unpack } from './codec.js';
import { RejectedError } from './failures.js';

it('gives back any JSON, compressed or not', async () => {
  const any = fc.record({ value: fc.jsonValue(), padding: fc.constantFrom('', 'ї'.repeat(COMPRESS_ABOVE_BYTES)) });
  await fc.assert(
    fc.asyncProperty(any, fc.boolean(), async (value, compress) => {
      const { body, contentEncoding } = await pack(value, compress);
      expect(await unpack(body, contentEncoding)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 200 },
  );
});

it('compresses only above the threshold', async () => {
  const text = (bytes: number) => 'x'.repeat(bytes - 2);
  expect(await pack(text(COMPRESS_ABOVE_BYTES), true)).toMatchObject({ contentEncoding: undefined });
  const packed = await pack(text(COMPRESS_ABOVE_BYTES + 1), true);
  expect(packed.contentEncoding).toBe('zstd');
  expect(packed.body.length).toBeLessThan(200);
});

it.each([
  ['plain', undefined, (body: Buffer) => body],
  ['gzip', 'gzip', (body: Buffer) => gzipSync(body)],
  ['zstd', 'zstd', (body: Buffer) => zstdCompressSync(body)],
])('refuses to unpack more than the longest body: %s', async (_name, encoding, encode) => {
  const spaces = (length: number) => encode(Buffer.from(`1${' '.repeat(length - 1)}`));
  expect(await unpack(spaces(MAX_BODY_BYTES), encoding)).toBe(1);
  await expect(unpack(spaces(MAX_BODY_BYTES + 1), encoding)).rejects.toThrow(RejectedError);
});

it.each([undefined, 'gzip', 'zstd', 'br'])('never quotes a body that it cannot read (%s)', async (encoding) => {
  const failed = await unpack(Buffer.from('{"text":"a secret conversation'), encoding).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(RejectedError);
  expect(String(failed)).not.toContain('secret');
});
