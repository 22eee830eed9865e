/** How one of a process's two connections to the broker stands. */
export interface Link {
  /** `blocked`: an alarm is on, and the broker takes no messages for now. */
  readonly state: 'connecting' | 'connected' | 'blocked';
  readonly since: Date;
  /** Why it is not connected, or what the alarm is of. */
  readonly reason?: string;
}

/** What each connection is for. */
export type Purpose = 'publish' | 'consume';
export const purposes: readonly Purpose[] = ['publish', 'consume'];
export type Links = Readonly<Record<Purpose, Link>>;

/** The state that follows; `since` stays while only the reason changes. */
export function nextLink(before: Link, state: Link['state'], reason: string | undefined, now: Date): Link {
  return { state, since: before.state === state ? before.since : now, ...(reason === undefined ? {} : { reason }) };
}
