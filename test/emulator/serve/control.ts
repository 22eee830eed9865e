import { z } from 'zod';

import { change } from '../changes.js';
import type { Tenant } from '../tenant.js';
import type { Accounts } from './accounts.js';
import type { Answer } from './answers.js';
import { faultRule, type Faults } from './faults.js';
import type { Traffic } from './traffic.js';

/** What the control endpoints work on. `pace.latencyMs` is waited before every answer. */
export interface Controlled {
  readonly tenant: Tenant;
  readonly faults: Faults;
  readonly accounts: Accounts;
  readonly traffic: Traffic;
  readonly pace: { latencyMs: number };
}

const changes = z.union([change, z.array(change)]).transform((given) => (Array.isArray(given) ? given : [given]));
const faultBody = z.strictObject({ rules: z.array(faultRule), latencyMs: z.number().nonnegative().optional() });

/**
 * The emulator's own endpoints, free of login, faults and figures:
 * `GET /_emulator/stats`, `POST /_emulator/{faults,changes,expire,reset-stats}`.
 */
export function control(path: string, method: string, body: string, emulator: Controlled): Answer {
  try {
    switch (`${method} ${path}`) {
      case 'GET /_emulator/stats':
        return { status: 200, body: { ...emulator.traffic.stats(), sessions: emulator.tenant.size } };
      case 'POST /_emulator/faults': {
        const { rules, latencyMs } = faultBody.parse(JSON.parse(body));
        emulator.faults.set(rules);
        if (latencyMs !== undefined) emulator.pace.latencyMs = latencyMs;
        return done;
      }
      case 'POST /_emulator/changes':
        emulator.tenant.apply(...changes.parse(JSON.parse(body)));
        return done;
      case 'POST /_emulator/expire':
        emulator.accounts.expire();
        return done;
      case 'POST /_emulator/reset-stats':
        emulator.traffic.reset();
        return done;
      default:
        return { status: 404, body: { detail: 'no such control' } };
    }
  } catch (error) {
    return { status: 422, body: { detail: error instanceof Error ? error.message : String(error) } };
  }
}

const done: Answer = { status: 200, body: { done: true } };
