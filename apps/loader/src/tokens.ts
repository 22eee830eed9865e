/** The token under which the loader's logger is injected. */
export const LOGGER = Symbol('loader logger');
/** What becomes of sessions that ET no longer has. */
export const DELETE_POLICY = Symbol('loader delete policy');
/** Days that personal data in the ledger is kept. */
export const RETENTION_DAYS = Symbol('loader retention days');
