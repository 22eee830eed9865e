interface Limits {
  readonly count: number;
  readonly bytes: number;
}

/** Listed sessions are measured more than once, and writing JSON is a tenth of the extractor's work. */
const measured = new WeakMap<object, number>();

/** Length of a value as JSON, bytes. An object must not change once it was measured. */
export function jsonBytes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(JSON.stringify(value) ?? '');
  const known = measured.get(value);
  if (known !== undefined) return known;
  const bytes = Buffer.byteLength(JSON.stringify(value));
  measured.set(value, bytes);
  return bytes;
}

/** Cuts a list, in order, into parts within both limits; an item that is too large by itself is a part of its own. */
export function cut<T>(items: readonly T[], limits: Limits, bytesOf: (item: T) => number = jsonBytes): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (part.length > 0 && (part.length >= limits.count || bytes + size > limits.bytes)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  return part.length > 0 ? [...parts, part] : parts;
}
