/** Levels of nesting that are read. What follows them by calls ends somewhere above 3,000. */
export const MAX_JSON_LEVELS = 1_000;
/** Values in one text that are read. The shortest, `[],`, takes 60 bytes of memory or more. */
export const MAX_JSON_VALUES = 2_000_000;

/** Whole numbers of fewer digits are exact in a program. */
const LONG_DIGITS = 16;
const LONG_NUMBER = /^-?\d{16,}$/;

const [QUOTE, COMMA, POINT, ZERO, NINE] = [0x22, 0x2c, 0x2e, 0x30, 0x39];
const [OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5c, 0x5d, 0x7b, 0x7d];
const [LETTER_E, LOWER_CASE] = [0x65, 0x20];

/** Why a text from outside was not read. Never quotes it. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';

  constructor(
    message: string,
    /** It may be JSON, and is above a limit. */
    readonly isTooLarge: boolean,
  ) {
    super(message);
  }
}

/**
 * The value of a JSON text (UTF-8) that a stranger wrote. With `exact`, numbers that a program cannot hold (whole ones
 * beyond 2^53, any beyond 1e308) become the text that stands for them. Throws `JsonFault` where it is no JSON, nested
 * deeper than `MAX_JSON_LEVELS`, or holds more than `MAX_JSON_VALUES`.
 */
export function readJson(json: Buffer, { exact = false } = {}): unknown {
  const { levels, values, hasLong } = extentOf(json);
  if (levels > MAX_JSON_LEVELS) throw new JsonFault(`is nested deeper than ${MAX_JSON_LEVELS} levels`, true);
  if (values > MAX_JSON_VALUES) throw new JsonFault(`holds more than ${MAX_JSON_VALUES} values`, true);
  try {
    // A reviver makes reading five times slower, and most texts hold no such number.
    return exact && hasLong ? parse(json.toString('utf8'), keepDigits) : JSON.parse(json.toString('utf8'));
  } catch {
    // JSON.parse quotes the text it failed on, so its error must not travel.
    throw new JsonFault('is not JSON', false);
  }
}

type Reviver = (key: string, value: unknown, written: { readonly source?: string }) => unknown;
/** Its declaration in TypeScript does not say yet that a reviver is told how a number was written. */
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

const keepDigits: Reviver = (_key, value, { source = '' }) => {
  if (typeof value !== 'number') return value;
  const isLost = !Number.isFinite(value) || (!Number.isSafeInteger(value) && LONG_NUMBER.test(source));
  return isLost ? source : value;
};

/** What a text holds, as far as its brackets, commas and digits tell; of one that is no JSON, anything. */
function extentOf(json: Buffer): { levels: number; values: number; hasLong: boolean } {
  let [level, levels, values, digits] = [0, 0, 1, 0];
  let hasLong = false;
  for (let at = 0; at < json.length && levels <= MAX_JSON_LEVELS && values <= MAX_JSON_VALUES; at += 1) {
    const byte = json[at] as number;
    if (byte >= ZERO && byte <= NINE) {
      digits += 1;
      if (digits >= LONG_DIGITS) hasLong = true;
      continue;
    }
    // Digits of a fraction are rounded in every program. An exponent may lead anywhere.
    if (byte === POINT) digits = Number.NEGATIVE_INFINITY;
    else if ((byte | LOWER_CASE) === LETTER_E && digits !== 0) hasLong = true;
    else digits = 0;
    if (byte === QUOTE) at = endOfText(json, at);
    else if (byte === COMMA) values += 1;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values += 1;
      level += 1;
      if (level > levels) levels = level;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) level -= 1;
  }
  return { levels, values, hasLong };
}

/** Where the quote is that closes the text opened at `from`; the end of the JSON where there is none. */
function endOfText(json: Buffer, from: number): number {
  let at = from + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
