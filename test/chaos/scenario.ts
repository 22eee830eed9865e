import { Random, scatterAll } from '../emulator/generate/random.js';
import type { Comparison } from '../e2e/comparison.js';
import type { Traffic } from './broker-traffic.js';

/** What befell one scenario, and what was found after it. */
export interface Outcome extends Comparison, Traffic {
  /** Faults injected. */
  readonly faults: number;
  /** Days that were read once more. */
  readonly readAgain: number;
  /** Whatever must not be, in words; empty where the scenario was passed. */
  readonly wrong: readonly string[];
  /** What was measured on the way. */
  readonly noted?: readonly string[];
}

/** One kind of trouble. */
export interface Scenario {
  /** As `--only` takes it, and the report tells it. */
  readonly name: string;
  readonly needs: readonly ('rabbitmq' | 'postgresql')[];
  run(luck: Random): Promise<Outcome>;
}

/** Chance of its own for each scenario and seed, whichever others are run. */
export function luckOf({ name }: Pick<Scenario, 'name'>, seed: number): Random {
  return new Random(seed, 'faults', scatterAll(...Buffer.from(name)));
}
