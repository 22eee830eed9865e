import { scatterAll } from './random.js';

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})([0-9a-f]{8})$/;

/** The UUID (version 4, lower case) of a record: `kind` keeps those of sessions, users and comments apart. */
export function uuidOf(seed: number, kind: number, index: number): string {
  const first = scatterAll(seed, kind, index, 1);
  const second = ((scatterAll(seed, kind, index, 2) & 0xffff0fff) | 0x4000) >>> 0;
  const third = ((scatterAll(seed, kind, index, 3) & 0x3fffffff) | 0x80000000) >>> 0;
  const last = (index ^ scatterAll(seed, kind, first, second, third)) >>> 0;
  const middle = hex(second);
  const rest = hex(third);
  return `${hex(first)}-${middle.slice(0, 4)}-${middle.slice(4)}-${rest.slice(0, 4)}-${rest.slice(4)}${hex(last)}`;
}

/** The index a UUID was made of, in either case of letters; undefined where `uuidOf` did not make it. */
export function indexOfUuid(seed: number, kind: number, uuid: string): number | undefined {
  const parts = UUID.exec(uuid.toLowerCase());
  if (!parts) return undefined;
  const [, a = '', b = '', c = '', d = '', e = '', last = ''] = parts;
  const [first, second, third] = [a, b + c, d + e].map((digits) => Number.parseInt(digits, 16));
  const index = (Number.parseInt(last, 16) ^ scatterAll(seed, kind, first ?? 0, second ?? 0, third ?? 0)) >>> 0;
  return uuidOf(seed, kind, index) === uuid.toLowerCase() ? index : undefined;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
