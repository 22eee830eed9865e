import type { ExtractorSettings } from '#config';
import type { Metric } from '#health';
import type { Assembled, Probes } from '#messaging';
import type { Logger } from '#observability';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';

import { askEt } from './et/check.js';
import { EtClient, type Patience } from './et/client.js';
import { ExtractorController } from './extractor.controller.js';
import { ET, notThere } from './faults.js';
import { etMetrics } from './metrics.js';
import { PageReader } from './page-reader.js';
import { RunOpener } from './run-opener.js';
import { Schedule } from './schedule.js';
import { SessionReader } from './session-reader.js';
import { SliceReader } from './slice-reader.js';
import { StoppedRuns } from './stopped-runs.js';
import { EMBEDDED, LOGGER, SETTINGS } from './tokens.js';

interface ExtractorOptions {
  readonly settings: ExtractorSettings;
  readonly logger: Logger;
  /** Open daily runs by itself: for services, not where one process does one job and ends. */
  readonly schedule: boolean;
  /** One process does one job and ends: what ET forbids fails, for nobody is there to mend the account. */
  readonly embedded?: boolean;
  /** How often and how soon ET is asked again; the client's own by default. */
  readonly patience?: Patience;
}

/** ET's API in, pages and raw batches out. Needs the global messaging module beside it. */
@Module({})
export class ExtractorModule implements OnApplicationShutdown {
  /** A listing in hand holds answers of 500 sessions; details, not listings, are what takes the time. */
  static readonly concurrency = { slices: 2 };

  /** Commands are obeyed all the while: a run can be paused or cancelled with ET away. */
  static probes({ get }: Pick<Assembled, 'get'>): Probes {
    const client = get(EtClient);
    const ask = () =>
      askEt(client).catch((error: unknown) => {
        throw notThere(error);
      });
    return { [ET]: { stages: ['slices', 'pages'], ask } };
  }

  static metrics({ get }: Pick<Assembled, 'get'>): Metric[] {
    const client = get(EtClient);
    return etMetrics(() => client.stats());
  }

  constructor(private readonly client: EtClient) {}

  static register({ settings, logger, schedule, embedded = false, patience }: ExtractorOptions): DynamicModule {
    return {
      module: ExtractorModule,
      imports: schedule ? [ScheduleModule.forRoot()] : [],
      controllers: [ExtractorController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        { provide: EMBEDDED, useValue: embedded },
        { provide: EtClient, useValue: new EtClient(settings.et, patience) },
        StoppedRuns,
        RunOpener,
        SliceReader,
        SessionReader,
        PageReader,
        ...(schedule ? [Schedule] : []),
      ],
      exports: [RunOpener, EtClient],
    };
  }

  onApplicationShutdown(): void {
    this.client.close();
  }
}
