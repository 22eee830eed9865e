import fc from 'fast-check';
import { format } from 'mysql2';

import { DataFault } from '../faults.js';
import type { Cell } from './cells.js';
import { cutRows } from './packets.js';

/** Two of the longest cells below and what surrounds them fit. */
const PACKET = 60_000;
const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 1_500 }),
  fc.constantFrom("'", '\\', '\0', 'ї', '🙂').map((letter) => letter.repeat(1_200)),
);

describe('rows for one statement', () => {
  it('stay below max_allowed_packet, in their order, and none is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 2 }), { maxLength: 40 }), (rows) => {
        const parts = cutRows(rows, PACKET);
        expect(parts.flat()).toEqual(rows);
        for (const part of parts) expect(Buffer.byteLength(format('values ?', [part]))).toBeLessThan(PACKET);
      }),
    );
  });

  it('are cut at a mebibyte, however much the server takes', () => {
    const rows = Array.from({ length: 30 }, () => ['x'.repeat(100_000)]);
    expect(cutRows(rows, 1 << 30).map((part) => part.length)).toEqual([10, 10, 10]);
  });

  it('are refused one by one where the server cannot take them', () => {
    expect(() => cutRows([['fits'], ["'".repeat(30_000)]], PACKET)).toThrow(DataFault);
    expect(() => cutRows([['x'.repeat(PACKET)]], PACKET)).toThrow(/max_allowed_packet \(60000 bytes\)/);
  });
});
