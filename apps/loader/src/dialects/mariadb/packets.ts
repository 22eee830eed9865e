import { errorOf } from '../faults.js';
import type { Cell } from './cells.js';

/** Statements of about this size: larger ones are no faster (measured), and take as much memory on both sides. */
const USUAL_BYTES = 1 << 20;
/** What a statement holds beside its rows, with much to spare. */
const FRAME_BYTES = 32_768;
/** The longest number: `-1.7976931348623157e+308`, and what stands between cells. */
const NUMBER_BYTES = 26;

const escaped = /[\0\b\t\n\r\x1a"'\\]/g;

/**
 * Cuts rows into statements that stay below the server's `max_allowed_packet`. Throws `DataFault` where one row alone
 * does not.
 */
export function cutRows(rows: readonly Cell[][], maxPacket: number): Cell[][][] {
  const usual = Math.min(USUAL_BYTES, maxPacket - FRAME_BYTES);
  const parts: Cell[][][] = [];
  let room = 0;
  for (const row of rows) {
    const bytes = row.reduce((sum: number, cell) => sum + bytesOf(cell), 0);
    if (bytes > maxPacket - FRAME_BYTES) {
      throw errorOf({
        kind: 'data',
        reason: `a row is larger than max_allowed_packet (${maxPacket} bytes) of the server`,
      });
    }
    const part = parts.at(-1);
    if (part && bytes <= room) part.push(row);
    else parts.push([row]);
    room = (part && bytes <= room ? room : usual) - bytes;
  }
  return parts;
}

/** At least as many bytes as the cell takes; exact for long texts. */
function bytesOf(cell: Cell): number {
  if (cell instanceof Uint8Array) return 2 * cell.length + NUMBER_BYTES;
  if (typeof cell !== 'string') return NUMBER_BYTES;
  if (cell.length < 1000) return 3 * cell.length + 4;
  return Buffer.byteLength(cell) + (cell.match(escaped)?.length ?? 0) + 4;
}
