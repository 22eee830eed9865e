import type { DatabaseSettings, LoaderSettings } from '#config';

/** A loader over this database, everything else as it is unless told otherwise. */
export function loaderSettingsOf(database: DatabaseSettings): LoaderSettings {
  const deletes = { deleteMode: 'mark', maxDeleteRatio: 0.1, deleteKeepTexts: false } as const;
  return { database, schemaMode: 'auto', rejectsRetention: 30, ...deletes };
}
