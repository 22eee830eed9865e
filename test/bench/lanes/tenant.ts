import { dayAfter } from '../../../apps/loader/src/ledger/instants.js';
import { startEmulatorProcess, type EmulatorProcess } from '../program.js';

/** Milliseconds ET takes to answer. */
export const LATENCY_MS = 50;
/** Days the daily run reads anew each time. */
export const LIVE_DAYS = 2;
const SESSIONS_A_LIVE_DAY = 20;
const SESSIONS_A_BACKFILL_DAY = 600;

export interface Days {
  readonly from: string;
  readonly to: string;
}

/** An ET with small days up to yesterday, and before them one stretch of large days for each backfill. */
export interface Tenant {
  readonly et: EmulatorProcess;
  readonly live: Days;
  readonly backfills: readonly Days[];
  /** One conversation more in the newest day. */
  grow(): Promise<void>;
}

/** `sessions` is how many each of the backfills has to have at least. */
export async function startTenant(backfills: number, sessions: number): Promise<Tenant> {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const length = Math.ceil(sessions / SESSIONS_A_BACKFILL_DAY);
  const days = LIVE_DAYS + backfills * length;
  const before = (day: number) => dayAfter(yesterday, -day);
  const crowds = Array.from({ length: days - LIVE_DAYS }, (_, index) => ({
    day: before(LIVE_DAYS + index),
    hour: index % 24,
    sessions: SESSIONS_A_BACKFILL_DAY - SESSIONS_A_LIVE_DAY,
  }));
  const et = await startEmulatorProcess({
    days,
    sessions: days * SESSIONS_A_LIVE_DAY + crowds.reduce((sum, crowd) => sum + crowd.sessions, 0),
    crowds: JSON.stringify(crowds),
    'last-day': yesterday,
    latency: LATENCY_MS,
  });
  return {
    et,
    live: { from: before(LIVE_DAYS - 1), to: yesterday },
    backfills: Array.from({ length: backfills }, (_, index) => ({
      from: before(LIVE_DAYS + (index + 1) * length - 1),
      to: before(LIVE_DAYS + index * length),
    })),
    async grow() {
      const body = JSON.stringify({ change: 'late', day: yesterday, sessions: 1 });
      const { ok, status } = await fetch(`${et.url}/_emulator/changes`, { method: 'POST', body });
      if (!ok) throw new Error(`the emulator answered ${status}`);
    },
  };
}
