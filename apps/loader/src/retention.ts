import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import type { Logger } from '#observability';

import { Database } from './database.js';
import { forgetBodies } from './ledger/forget-bodies.js';
import { LOGGER, RETENTION_DAYS } from './tokens.js';

/** Forgets what the ledger keeps of persons once it was kept long enough: at the start, and every hour. */
@Injectable()
export class Retention implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    @Inject(RETENTION_DAYS) private readonly days: number,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.forget();
  }

  /** Never rejects: what fails now is done an hour later. */
  @Interval(3_600_000)
  async forget(): Promise<void> {
    try {
      await this.database.transaction((tx) => forgetBodies(tx, this.days, new Date()));
    } catch (error) {
      this.logger.warn({ error }, 'raw forms could not be forgotten for now');
    }
  }
}
