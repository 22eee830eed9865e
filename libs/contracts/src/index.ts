export {
  askedSession,
  askedSessions,
  attempt,
  day,
  detail,
  details,
  dictionaries,
  dictionary,
  filters,
  lane,
  lanes,
  MAX_ASKED_SESSIONS,
  sessionDocument,
  sessionDocuments,
  slice,
  subject,
  version,
} from './slices.js';
export type {
  AskedSession,
  AskedSessions,
  Detail,
  Dictionary,
  Lane,
  SessionDocument,
  Slice,
  Subject,
} from './slices.js';
export { JsonFault, readJson } from './json-text.js';
export {
  answered,
  batchIdentity,
  command,
  MAX_RAW_BYTES,
  outcome,
  outcomes,
  page,
  published,
  rawBatch,
  rawSession,
  reject,
  row,
  rowBatch,
  rowDocument,
  sliceEnd,
  sliceProblem,
  stageSchemas,
} from './messages.js';
export type {
  Answered,
  BatchIdentity,
  Command,
  Message,
  Outcome,
  Page,
  RawBatch,
  RawSession,
  Reject,
  Row,
  RowBatch,
  RowDocument,
  SliceEnd,
  SliceProblem,
  Stage,
} from './messages.js';
export {
  answer,
  gaps,
  MOST_DUE,
  MOST_REOPENED,
  MOST_UNKNOWN,
  planState,
  question,
  runKind,
  runPlan,
  runReport,
  sliceState,
  sliceStates,
  statusReport,
} from './questions.js';
export type {
  Answer,
  Gaps,
  PlannedSlice,
  PlanState,
  Question,
  RunKind,
  RunPlan,
  RunReport,
  SliceState,
  StatusReport,
} from './questions.js';
export { MOST_REJECTS, rejectSummary } from './rejects.js';
export type { RejectDetail, RejectFilter, RejectSummary } from './rejects.js';
export { itemKey, sessionKey, UUID } from './keys.js';
export { ownColumnsOf, rootOf, tables, tablesOf } from './tables.js';
export type { Column, ColumnType, Entity, Table } from './tables.js';
export {
  COMPRESS_ABOVE_BYTES,
  CONTRACT_VERSION,
  DELIVERY_LIMIT,
  exchangeOf,
  MAX_ATTEMPTS,
  MAX_BODY_BYTES,
  QUESTION_MS,
  QUEUE_BYTES,
  queueOf,
  queuesOf,
  RETURN_EXCHANGE,
  stages,
  TOPOLOGY_VERSION,
  WAIT_MS,
} from './topology.js';
export type { Service, StageRoute } from './topology.js';
export { verdictOf } from './verdict.js';
export type { Verdict } from './verdict.js';
