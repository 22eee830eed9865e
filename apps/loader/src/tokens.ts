/** The token under which the loader's logger is injected. */
export const LOGGER = Symbol('loader logger');
