export type { DatabaseSettings, EtSettings, ExtractorSettings, LoaderSettings, ServiceSettings } from './settings.js';
