import { Module, ServiceUnavailableException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheckService, TerminusModule, type HealthCheckResult } from '@nestjs/terminus';

/** What one part of a service says of itself, and facts about it. No secrets: whoever may ask reads them. */
export interface Check {
  /** `degraded`: it does what it can, and waits with the rest. `down`: the service is not ready. */
  readonly status: 'up' | 'degraded' | 'down';
  readonly facts: Readonly<Record<string, unknown>>;
}

/** By the part's name. */
export type Checks = Readonly<Record<string, Check>>;

export interface Readiness {
  readonly ready: boolean;
  /** `ok`, `degraded` or `error`, and what each part says. */
  readonly body: HealthCheckResult;
}

// Terminus would log every question that finds the service not ready; what is waited for is logged where it is found.
@Module({ imports: [TerminusModule.forRoot({ logger: false })] })
class ReadinessModule {}

/** Gives the function that sums up what the parts of a service say, in the form that Nest's services are known for. */
export async function readinessOf(checks: () => Checks): Promise<() => Promise<Readiness>> {
  const app = await NestFactory.createApplicationContext(ReadinessModule, { logger: false, abortOnError: false });
  const health = app.get(HealthCheckService);
  return async () => {
    const parts = Object.entries(checks()).map(([name, { status, facts }]) => ({ [name]: { ...facts, status } }));
    try {
      return { ready: true, body: await health.check(parts.map((part) => () => part)) };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return { ready: false, body: error.getResponse() as HealthCheckResult };
    }
  };
}
