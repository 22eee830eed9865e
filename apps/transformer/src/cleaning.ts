/** Characters that were taken out of one batch because no database takes them all. */
export interface Cleaned {
  nul: number;
  surrogates: number;
}

// `JSON.stringify` escapes U+0000 and, of surrogates, lone ones only: the text tells whether a walk is needed at all.
const SUSPECT = /\\u(?:0000|d[89a-f])/;
const ESCAPES = /\\(?:u0000|ud[89a-f][\da-f]{2}|.)/g;

/**
 * The value that `written` stands for, U+0000 removed and lone surrogates replaced by U+FFFD, in keys as well.
 * Works on the text, so no depth of nesting harms it.
 * @param value what `written` was made of by `JSON.stringify`; returned as it is where there is nothing to clean
 */
export function clean<T>(value: T, written: string, cleaned: Cleaned): T {
  if (!SUSPECT.test(written)) return value;
  const text = written.replace(ESCAPES, (escape) => {
    if (escape === '\\u0000') {
      cleaned.nul += 1;
      return '';
    }
    if (!escape.startsWith('\\ud')) return escape;
    cleaned.surrogates += 1;
    return '\ufffd';
  });
  return JSON.parse(text) as T;
}

/** The first bytes of a text, never half a character. */
export function cutBytes(text: string, bytes: number): string {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  if (text.length * 3 <= bytes) return text;
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  while (((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return encoded.toString('utf8', 0, end);
}
