/** What the composing process provides to this app's module. */
export const LOGGER = Symbol('extractor logger');
export const SETTINGS = Symbol('extractor settings');
/** Whether one process does one job and ends: `boolean`. */
export const EMBEDDED = Symbol('embedded');
