export type {
  AmqpTls,
  DatabaseSettings,
  DeleteMode,
  MariadbSettings,
  MssqlSettings,
  PostgresSettings,
  SqliteSettings,
  EtSettings,
  ExtractorSettings,
  HttpSettings,
  LoaderSettings,
  SchemaMode,
  ServiceSettings,
} from './settings.js';
export {
  embeddedSettings,
  extractorSettings,
  ledgerSettings,
  loaderSettings,
  operatorSettings,
  settingsOrExit,
  transformerSettings,
} from './read-settings.js';
export type { BrokerSettings } from './read-settings.js';
export { isSet, processEnvironment } from './environment.js';
export type { Environment } from './environment.js';
export { ConfigurationError, describeProblems } from './problems.js';
export type { Problem } from './problems.js';
export { parseDatabaseUrl } from './database-url.js';
export type { DatabaseUrl } from './database-url.js';
export { catalogue, settingNames } from './catalogue.js';
export type { Setting, SettingName } from './catalogue.js';
