/** What the composing process provides to this app's module. */
export const LOGGER = Symbol('transformer logger');
