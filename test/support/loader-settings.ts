import type { DatabaseSettings, LoaderSettings } from '#config';

/** A loader over this database, everything else as it is unless told otherwise. */
export function loaderSettingsOf(database: DatabaseSettings): LoaderSettings {
  return { database, schemaMode: 'auto', deleteMode: 'mark', maxDeleteRatio: 0.1, deleteKeepTexts: false };
}
