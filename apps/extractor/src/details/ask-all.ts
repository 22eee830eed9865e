import type { Asker, EtClient } from '../et/client.js';
import type { AskedSession } from './ask.js';

/**
 * Asks for sessions side by side. Details that fail while ET is there are unknown; with ET away all of it waits. A
 * listing of one session tells which; it throws `EtError` where ET is away. What failed is then asked for once more,
 * for ET may just have come back.
 */
export async function askAll<T>(
  client: EtClient,
  sessions: readonly T[],
  ask: (session: T) => Promise<AskedSession>,
  asker: Asker,
): Promise<AskedSession[]> {
  const asked = await Promise.all(sessions.map(async (session) => ({ session, answer: await ask(session) })));
  if (!asked.some(({ answer }) => lackedEt(answer))) return asked.map(({ answer }) => answer);
  await client.get('/sessions', { skip: 0, limit: 1 }, asker);
  return Promise.all(asked.map(async ({ session, answer }) => (lackedEt(answer) ? ask(session) : answer)));
}

/** `forbidden` is the answer of an ET that is there. */
function lackedEt({ failures }: AskedSession): boolean {
  return failures.some(({ outside, kind }) => outside && kind !== 'forbidden');
}
