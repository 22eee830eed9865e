const FORM = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
/** ET says "always" with year 1, which SQL Server's `datetime` cannot hold. */
const ALWAYS = '1900-01-01 00:00:00';

/**
 * ET's ISO date-time as naive text `YYYY-MM-DD HH:MM:SS[.ffffff]`; undefined where it is none or cannot be (31 February).
 * `Z` is dropped, a numeric offset converted to UTC. The fraction never passes through `Date`, which knows
 * milliseconds only.
 */
export function toDatetime(text: string): string | undefined {
  const found = FORM.exec(text);
  if (!found) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', digits = '', zone = ''] = found;
  if (!exists(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (year === '0001') return ALWAYS;

  const local = `${year}-${month}-${day} ${hour}:${minute}`;
  const moved = zone.length > 1 ? toUtc(local, zone) : local;
  if (moved?.startsWith('0001')) return ALWAYS;
  return moved && `${moved}:${second}${fraction(digits)}`;
}

function exists(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** Whole minutes only, so `Date` loses nothing here. */
function toUtc(local: string, zone: string): string | undefined {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) return undefined;
  const offset = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  const moved = new Date(Date.parse(`${local.replace(' ', 'T')}:00Z`) - offset).toISOString();
  return /^\d{4}-/.test(moved) && !moved.startsWith('0000') ? moved.slice(0, 16).replace('T', ' ') : undefined;
}

function fraction(digits: string): string {
  const micros = digits.slice(0, 6).padEnd(6, '0');
  return micros === '000000' ? '' : `.${micros}`;
}
