import { amqpDeclare, amqpTls, brokerUrl, optionalBrokerUrl } from './broker.js';
import { database } from './database.js';
import { processEnvironment, type Environment } from './environment.js';
import { et, sessionLink } from './et.js';
import { ConfigurationError } from './problems.js';
import { calendarDay, listeningAddress, oneOf, ratio, schedule, timezone, whole, yesOrNo } from './rules.js';
import { fallingBack, group, optional, readBy, reader, take, type Reader } from './schema.js';
import {
  deleteModes,
  schemaModes,
  type ExtractorSettings,
  type HttpSettings,
  type LoaderSettings,
  type OperatorSettings,
  type ServiceSettings,
} from './settings.js';

const levels = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent');

const etTimezone = reader(
  (environment, report) =>
    take(environment, 'ET_TIMEZONE', timezone, report) ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
);
const extractor: Reader<ExtractorSettings> = group({
  et,
  syncCron: fallingBack('SYNC_CRON', schedule, '5 0 * * *'),
  timezone: etTimezone,
  startDate: optional('START_DATE', calendarDay),
  rereadDays: fallingBack('REREAD_DAYS', whole(0, 30), 2),
});
const loader: Reader<LoaderSettings> = group({
  database,
  schemaMode: fallingBack('SCHEMA_MODE', oneOf(...schemaModes), 'auto'),
  sessionLink,
  deleteMode: fallingBack('DELETE_MODE', oneOf(...deleteModes), 'mark'),
  maxDeleteRatio: fallingBack('MAX_DELETE_RATIO', ratio, 0.1),
  deleteKeepTexts: fallingBack('DELETE_KEEP_TEXTS', yesOrNo, false),
  rejectsRetention: fallingBack('REJECTS_RETENTION', whole(1, 3650), 30),
});
const shutdownGrace = fallingBack('SHUTDOWN_GRACE', whole(6, 3600), 30);

/** Each service has a port of its own, so that all of them run on one machine unconfigured. */
const service = (httpPort: number): Reader<BrokerSettings> =>
  group({
    logLevel: fallingBack('LOG_LEVEL', levels, 'info'),
    shutdownGrace,
    amqpUrl: brokerUrl,
    amqpDeclare,
    amqpTls,
    http: group({
      port: fallingBack('HTTP_PORT', whole(0, 65_535), httpPort),
      host: fallingBack('HTTP_HOST', listeningAddress, '127.0.0.1'),
    }),
  });
/** Everything in one process: quiet, for standard error is a person's. */
const alone = group({ logLevel: fallingBack('LOG_LEVEL', levels, 'warn'), shutdownGrace });
const operator = group({
  logLevel: fallingBack('LOG_LEVEL', levels, 'warn'),
  shutdownGrace,
  amqpUrl: optionalBrokerUrl,
  amqpDeclare,
  amqpTls,
});

const extractorApp = group({ extractor, service: service(8081) });
const transformerApp = group({ service: service(8082) });
const loaderApp = group({ loader, service: service(8083) });
const embeddedApp = group({ extractor, loader, service: alone });
const operatorApp = group({ service: operator, timezone: etTimezone });
const ledgerApp = group({ loader, service: alone, timezone: etTimezone });

export type BrokerSettings = OperatorSettings & { readonly amqpUrl: string; readonly http: HttpSettings };

/** Each reads the settings of one app and throws `ConfigurationError` with everything that is wrong. */
export function extractorSettings(environment: Environment): { extractor: ExtractorSettings; service: BrokerSettings } {
  return readBy(extractorApp, environment);
}

export function transformerSettings(environment: Environment): { service: BrokerSettings } {
  return readBy(transformerApp, environment);
}

export function loaderSettings(environment: Environment): { loader: LoaderSettings; service: BrokerSettings } {
  return readBy(loaderApp, environment);
}

/** All services in one process, without a broker. */
export function embeddedSettings(environment: Environment): {
  extractor: ExtractorSettings;
  loader: LoaderSettings;
  service: ServiceSettings;
} {
  return readBy(embeddedApp, environment);
}

/** What the operator's commands need: with `amqpUrl` they talk to running services. `timezone` tells which day is today. */
export function operatorSettings(environment: Environment): { service: OperatorSettings; timezone: string } {
  return readBy(operatorApp, environment);
}

/** What looking into the ledger of one process needs. */
export function ledgerSettings(environment: Environment): {
  loader: LoaderSettings;
  service: ServiceSettings;
  timezone: string;
} {
  return readBy(ledgerApp, environment);
}

/**
 * For `main.ts`: reads one app's settings from the process and `.env` of the working directory, or ends the process
 * with code 2 and all problems on standard error.
 */
export function settingsOrExit<T>(read: (environment: Environment) => T): T {
  try {
    return read(processEnvironment());
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
