import { CronExpressionParser } from 'cron-parser';
import { day, detail, type Detail } from '#contracts';

import { formOf } from './problems.js';
import type { Rule } from './schema.js';

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

export const anyText: Rule<string> = { read: (text) => text, mend: 'set any text' };

export const yesOrNo: Rule<boolean> = { read: (text) => truths[text.trim().toLowerCase()], mend: 'set true or false' };

/** What a server listens on: a name or an address. */
export const listeningAddress: Rule<string> = {
  read: (text) => (/^[\w.:-]+$/.test(text.trim()) ? text.trim() : undefined),
  mend: 'set an address of this machine such as 127.0.0.1, or 0.0.0.0 for all of them',
};

/** A whole number within bounds, both inclusive. */
export function whole(least: number, most: number): Rule<number> {
  const mend = `set a whole number from ${least} to ${most}`;
  return {
    read: (text) => {
      const number = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
    mend,
  };
}

/** A number from 0 to 1, both inclusive. */
export const ratio: Rule<number> = {
  read: (text) => {
    const number = /^\s*[01]?(?:\.\d{1,9})?\s*$/.test(text) && text.trim() !== '' ? Number(text) : Number.NaN;
    return number <= 1 ? number : undefined;
  },
  mend: 'set a number from 0 to 1, such as 0.1',
};

export function oneOf<const T extends string>(...words: readonly T[]): Rule<T> {
  return {
    read: (text) => words.find((word) => word === text.trim().toLowerCase()),
    mend: `set ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`,
  };
}

/** A day of the calendar. */
export const calendarDay: Rule<string> = {
  read: (text) => day.safeParse(text.trim()).data,
  problem: (text) =>
    /^\d{4}-\d{2}-\d{2}$/.test(text.trim())
      ? `is ${text.trim()}, which is no day of the calendar`
      : `is ${formOf(text)}`,
  mend: 'set a day as YYYY-MM-DD, such as 2026-01-31',
};

export const timezone: Rule<string> = {
  read: (text) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: text.trim() }).resolvedOptions().timeZone;
    } catch {
      return undefined;
    }
  },
  mend: 'set an IANA time zone such as Europe/Kyiv or UTC',
};

/** A cron expression; null for `off` or `none`. */
export const schedule: Rule<string | null> = {
  read: (text) => {
    if (/^(?:off|none)$/i.test(text.trim())) return null;
    try {
      CronExpressionParser.parse(text.trim());
      return /^(\S+\s+){4,5}\S+$/.test(text.trim()) ? text.trim() : undefined;
    } catch {
      return undefined;
    }
  },
  mend: 'set a cron expression of five fields such as "5 0 * * *" (daily at 00:05), or off',
};

/** Details by name, divided by commas; `none` for no details. */
export const detailList: Rule<readonly Detail[]> = {
  read: (text) => {
    if (text.trim().toLowerCase() === 'none') return [];
    const words = text.split(',').map((word) => word.trim().toLowerCase());
    const known = words.flatMap((word) => detail.safeParse(word).data ?? []);
    return known.length === words.length ? [...new Set(known)] : undefined;
  },
  problem: (text) => {
    const wrong = text.split(',').filter((word) => !detail.safeParse(word.trim().toLowerCase()).success);
    return `names ${wrong.length === 1 ? 'a detail that does' : `${wrong.length} details that do`} not exist`;
  },
  mend: `list any of ${detail.options.join(', ')}, divided by commas, or none`,
};
