import { InvalidArgumentError } from 'commander';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A moment as a person gives it: `90m`, `12h`, `3d` ago, a day, or an ISO instant; in UTC where no zone is said. */
export function since(text: string, now = new Date()): string {
  const [, number, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) {
    return new Date(now.getTime() - Number(number) * UNITS[unit as keyof typeof UNITS]).toISOString();
  }
  const zoned = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? `${text}Z` : text;
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(zoned) : new Date(NaN);
  if (Number.isNaN(moment.getTime()))
    throw new InvalidArgumentError('Write 90m, 12h, 3d, 2026-11-01 or an ISO instant.');
  return moment.toISOString();
}
