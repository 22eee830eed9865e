import type { Ground } from './ground.js';

/** What the ledger says at one moment, while no process is at work. */
export interface Standing {
  /** States of the runs. */
  readonly runs: readonly string[];
  /** Days that nothing has to be read of any more. */
  readonly verified: ReadonlySet<string>;
  /** Days that an extractor may have in hand. */
  readonly out: ReadonlySet<string>;
}

const nothing: Standing = { runs: [], verified: new Set(), out: new Set() };

/** Killed early enough, a process has not even made the tables. */
const NOTHING_YET = /does not exist|no such table|unable to open database file|directory does not exist/;

export async function standingOf(ground: Ground): Promise<Standing> {
  try {
    return await ground.read(async (reader) => {
      const runs = await reader.all('select state from etl_runs');
      const slices = await reader.all(`select day, state from etl_slices where kind = 'day'`);
      const days = (state: string) =>
        new Set(slices.flatMap((one) => (one['state'] === state ? String(one['day']) : [])));
      return { runs: runs.map(({ state }) => String(state)), verified: days('verified'), out: days('queued') };
    });
  } catch (error) {
    if (NOTHING_YET.test(String(error))) return nothing;
    throw error;
  }
}

/** Days that the ledger calls verified though the database lacks sessions of theirs. */
export async function liesOf(ground: Ground, { verified }: Standing): Promise<string[]> {
  if (verified.size === 0) return [];
  const rows = await ground.read((reader) => reader.all('select id from sessions'));
  const stored = new Set(rows.map(({ id }) => String(id).toLowerCase()));
  return [...verified].flatMap((day) => {
    const missing = ground.emulator.tenant.ids(day).filter((id) => !stored.has(id)).length;
    return missing > 0 ? `${day} is called verified and lacks ${missing} sessions` : [];
  });
}

/** How often each day was listed, by what the emulator was asked since its figures were last reset. */
export function readingsOf(listings: readonly string[]): Map<string, number> {
  const readings = new Map<string, number>();
  for (const query of listings) {
    const day = /^sessions .*\bskip=0\b.*date_range,(\d{4}-\d\d-\d\d)/.exec(query)?.[1];
    if (day !== undefined) readings.set(day, (readings.get(day) ?? 0) + 1);
  }
  return readings;
}
