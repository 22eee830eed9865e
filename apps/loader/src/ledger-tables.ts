import type { ColumnType } from '#contracts';

/** A column of the loader's own tables; `bytes` is a binary value without a length limit. */
export interface LedgerColumn {
  readonly name: string;
  readonly type: ColumnType | 'bytes';
}
export interface LedgerTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly indexes: readonly (readonly string[])[];
  readonly columns: readonly LedgerColumn[];
}

/** The documents of one entity as `etl_versions` names them; `root` is the session itself or the dictionary item. */
export const versionedDocuments = ['root', 'scores', 'summary', 'comments', 'transcripts', 'detail'] as const;
export type VersionedDocument = (typeof versionedDocuments)[number];

/** Stored in place of a hash once ET confirmed that an entity is gone; no SHA-256 in hex looks like it. */
export const TOMBSTONE = 'gone';

/** What was asked for, what is out, what was answered. Date-times are UTC, `YYYY-MM-DD HH:MM:SS.ffffff`. */
export const ledgerTables = [
  table('etl_runs', ['run_id'], [['state']], {
    run_id: 'key',
    kind: 'key',
    /** open, paused, done, failed, cancelled, joined */
    state: 'key',
    request: 'text',
    joined_to: 'key',
    tick: 'key',
    categories_watermark: 'key',
    opened_at: 'datetime',
    resumed_at: 'datetime',
    closed_at: 'datetime',
  }),
  table('etl_slices', ['slice_id'], [['run_id'], ['state', 'lane'], ['day']], {
    slice_id: 'key',
    run_id: 'key',
    lane: 'key',
    /** dictionary, day, sessions */
    kind: 'key',
    dictionary: 'key',
    day: 'key',
    filters: 'text',
    session_limit: 'int',
    allow_deletes: 'bool',
    /** For `sessions`: why, and which, as JSON. */
    sessions: 'text',
    state: 'key',
    reason: 'text',
    /** How often it went back to `planned` because nothing was heard of it. */
    requeues: 'int',
    /** When it was planned, or last dispatched or taken back: with `closed_at`, how long it took. */
    moved_at: 'datetime',
    /** While its message is on its way to the broker: since when. */
    sending_at: 'datetime',
    closed_at: 'datetime',
    verified_at: 'datetime',
    /** The figures of the closing attempt; null while open. */
    attempt: 'key',
    listed: 'int',
    count_before: 'int',
    count_after: 'int',
    loaded: 'int',
    rejected: 'int',
    gone: 'int',
    unknown: 'int',
    /** Sum of the batches' notes: unknown fields, cleaned characters. */
    notes: 'json',
  }),
  table('etl_inbox', ['slice_id', 'attempt', 'page', 'number', 'sha'], [], {
    slice_id: 'key',
    attempt: 'key',
    page: 'int',
    number: 'int',
    sha: 'key',
    answered: 'int',
    loaded: 'int',
    rejected: 'int',
    gone: 'int',
    unknown: 'int',
    notes: 'json',
    loaded_at: 'datetime',
  }),
  table('etl_ends', ['slice_id', 'attempt'], [], {
    slice_id: 'key',
    attempt: 'key',
    listed: 'int',
    count_before: 'int',
    count_after: 'int',
    day_over: 'bool',
    reason: 'text',
    ended_at: 'datetime',
  }),
  table('etl_keys', ['slice_id', 'attempt', 'key'], [], {
    slice_id: 'key',
    attempt: 'key',
    key: 'key',
    outcome: 'key',
    /** For `unknown`: the details and why each could not be had, as JSON. */
    reason: 'text',
  }),
  /** Details that could not be had, to be asked for again by themselves. */
  table('etl_unknown', ['key', 'document'], [['day'], ['next_at']], {
    key: 'key',
    document: 'key',
    day: 'key',
    slice_id: 'key',
    reason: 'text',
    /** How often it was asked for by itself, in vain. */
    tries: 'int',
    first_at: 'datetime',
    asked_at: 'datetime',
    next_at: 'datetime',
  }),
  /** Days of which more sessions are no longer listed than may be deleted unasked. */
  table('etl_held_deletes', ['day'], [], { day: 'key', candidates: 'int', sessions: 'int', held_at: 'datetime' }),
  table('etl_rejects', ['slice_id', 'attempt', 'key'], [['rejected_at'], ['key']], {
    slice_id: 'key',
    attempt: 'key',
    key: 'key',
    run_id: 'key',
    entity: 'key',
    reason: 'text',
    /** JSON, zstd-compressed. */
    raw: 'bytes',
    /** What that is: `raw` as ET sent it, `rows` as the transformer answered for it. */
    form: 'key',
    /** When the request for it was sent, as a document's. */
    version: 'bigint',
    rejected_at: 'datetime',
  }),
  /** Dead letters where all runs in one process; services leave theirs to the broker. */
  table('etl_dead_letters', ['id'], [['dead_at']], {
    id: 'key',
    stage: 'key',
    lane: 'key',
    service: 'key',
    message_id: 'key',
    run_id: 'key',
    slice_id: 'key',
    attempt: 'int',
    redriven: 'int',
    reason: 'text',
    error_class: 'key',
    first_failed_at: 'datetime',
    dead_at: 'datetime',
    /** As JSON. */
    headers: 'text',
    /** The message, zstd-compressed, and how long it was. */
    body: 'bytes',
    body_bytes: 'int',
  }),
  table('etl_versions', ['entity', 'key'], [['listed_day']], {
    entity: 'key',
    key: 'key',
    /** The day whose unfiltered listing last held the session, and the moment of that listing. */
    listed_day: 'key',
    listed_version: 'bigint',
    root_version: 'bigint',
    root_hash: 'key',
    scores_version: 'bigint',
    scores_hash: 'key',
    summary_version: 'bigint',
    summary_hash: 'key',
    comments_version: 'bigint',
    comments_hash: 'key',
    transcripts_version: 'bigint',
    transcripts_hash: 'key',
    detail_version: 'bigint',
    detail_hash: 'key',
  }),
  /** Few rows by name: start_date, categories_watermark, session_link, when each lane's queues last held anything, and which definition of each view stands. */
  table('etl_state', ['name'], [], { name: 'key', value: 'text' }),
] as const satisfies LedgerTable[];

function table<
  const N extends string,
  const C extends Record<string, ColumnType | 'bytes'>,
  const K extends keyof C & string,
>(
  name: N,
  key: readonly K[],
  indexes: (keyof C & string)[][],
  types: C,
): LedgerTable & { readonly name: N; readonly key: readonly K[]; readonly types: C } {
  const columns = Object.entries(types).map(([column, type]) => ({ name: column, type }));
  return { name, key, indexes, columns, types };
}
