import { parseArgs } from 'node:util';

const USAGE = `Usage: extractor [--once [--wait]]

Without arguments: reads Ender Turing for as long as it runs, and opens the daily runs of SYNC_CRON.
  --once          opens the daily run now, or joins one that is not finished, and ends; running extractors read it
  --once --wait   reads as well, and ends when the run is closed; exit code 0 verified, 1 failed,
                  2 usage or configuration, 3 rejects, unverified days or unknown details, 130 stopped by a signal
`;

/** What a process of the extractor is for. */
type Mode = 'service' | 'once' | 'once and wait';

/** Reads the arguments of the process. Throws `TypeError` for those that make no sense. */
export function modeOf(args: readonly string[]): Mode | 'help' {
  const options = { once: { type: 'boolean' }, wait: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const { once, wait, help } = parseArgs({ args: [...args], options }).values;
  if (help) return 'help';
  if (wait && !once) throw new TypeError('--wait needs --once');
  return once ? (wait ? 'once and wait' : 'once') : 'service';
}

/** For `main.ts`: ends the process with 0 after help that was asked for, with 2 where the arguments make no sense. */
export function modeOrExit(args: readonly string[]): Mode {
  try {
    const mode = modeOf(args);
    if (mode !== 'help') return mode;
    process.stdout.write(USAGE);
    return process.exit(0);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`extractor: ${error.message}\n${USAGE}`);
    return process.exit(2);
  }
}
