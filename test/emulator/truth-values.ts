/** What the warehouse makes of single values. Written from the rules alone; the product's own code is not used. */

/** Text without U+0000, lone surrogates replaced. */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** A JSON value, all texts in it (keys too) cleaned; null where ET says null or nothing. */
export function json(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(json);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), json(inner)]));
}

/** Text as it is, cleaned, numbers in digits; null where there is none. */
export function text(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return cleanText(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Text as it is, anything else as JSON text. */
export function textOrJson(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? cleanText(value) : JSON.stringify(json(value));
}

/** Numbers and booleans as they are. */
export function plain(value: unknown): number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new Error(`neither number nor boolean: ${typeof value}`);
  return value;
}

export function uuid(value: unknown): string | null {
  return text(value)?.toLowerCase() ?? null;
}

/** `YYYY-MM-DD HH:MM:SS`, with six digits of fraction unless they are zero; year 1 becomes 1900-01-01. */
export function datetime(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const form = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{6}))?Z?$/;
  const parts = typeof value === 'string' ? form.exec(value) : null;
  if (!parts) throw new Error('not a date-time of ET');
  const [, date = '', time = '', fraction = '000000'] = parts;
  if (date.startsWith('0001-')) return '1900-01-01 00:00:00';
  return `${date} ${time}${fraction === '000000' ? '' : `.${fraction}`}`;
}
