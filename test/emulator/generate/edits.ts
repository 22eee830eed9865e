/** What was changed in a session since it was generated. Only changed sessions have one. */
export interface Edit {
  /** Raised by every change: it moves `updated_at`. */
  readonly revision: number;
  /** How often the manual scores were changed; from 1 on the session has some. */
  readonly scores: number;
  readonly tagsDropped: boolean;
  /** How often the summary was changed; from 1 on the session has one. */
  readonly summary: number;
  readonly processed: boolean;
  readonly deleted: boolean;
}

export const unedited: Edit = {
  revision: 0,
  scores: 0,
  tagsDropped: false,
  summary: 0,
  processed: false,
  deleted: false,
};
