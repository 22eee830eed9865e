/** Two signals within this time are one: npm passes on what the terminal has sent already. Milliseconds. */
const SAME_MS = 500;

/**
 * Aborts at the first SIGINT or SIGTERM, so that what is in hand can be finished; a second one ends the process at
 * once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const stop = () => {
    if (first === 0) {
      first = Date.now();
      controller.abort();
    } else if (Date.now() - first > SAME_MS) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}
