export {
  attempt,
  day,
  detail,
  details,
  dictionaries,
  dictionary,
  lane,
  lanes,
  sessionDocument,
  sessionDocuments,
  slice,
  subject,
  version,
} from './slices.js';
export type { Detail, Dictionary, Lane, SessionDocument, Slice, Subject } from './slices.js';
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
export { answer, planState, question, runKind, runPlan, runReport, sliceState, sliceStates, statusReport } from './questions.js';
export type {
  Answer,
  PlannedSlice,
  PlanState,
  Question,
  RunKind,
  RunPlan,
  RunReport,
  SliceState,
  StatusReport,
} from './questions.js';
export { itemKey, sessionKey } from './keys.js';
export { ownColumns, rootColumns, rootOf, tables, tablesOf } from './tables.js';
export type { Column, ColumnType, Entity, Table } from './tables.js';
export {
  COMPRESS_ABOVE_BYTES,
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
