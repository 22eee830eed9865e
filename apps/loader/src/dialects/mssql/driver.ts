import { Connection, Request, TYPES, type ConnectionConfiguration } from 'tedious';

/** A column of rows in bulk, by the type in which its values travel: `nvarchar(max)`, `datetime2(6)`. */
export interface SentColumn {
  readonly name: string;
  readonly type: string;
}

/** Rows for a temporary table: the one parameter of a statement whose text does not count. */
export class BulkRows {
  constructor(
    readonly table: string,
    readonly columns: readonly SentColumn[],
    readonly rows: readonly (readonly unknown[])[],
  ) {}
}

/** Milliseconds that somebody else's lock may hold a statement up. */
const LOCK_TIMEOUT_MS = 60_000;

/**
 * A connection that does what Kysely's driver has no word for: it takes rows in bulk; runs statements without
 * parameters as a batch, for temporary tables end with the call that `sp_executesql` is; and gives date-times as text.
 */
export class LoaderConnection extends Connection {
  constructor(configuration: ConnectionConfiguration) {
    super(configuration);
  }

  /** Kysely's listener prints the error. Whoever uses the connection learns of it, and the pool tries it before use. */
  override on(event: string, listener: (...args: never[]) => void): this {
    const heard: () => void = event === 'error' ? () => undefined : listener;
    return super.on(event as 'error', heard);
  }

  override connect(connected?: (error?: Error) => void): void {
    super.connect((error) => {
      if (error) return connected?.(error);
      const settings = `set lock_timeout ${LOCK_TIMEOUT_MS}; set xact_abort on`;
      this.execSqlBatch(new Request(settings, (failure) => connected?.(failure ?? undefined)));
    });
  }

  override execSql(request: Request): void {
    const { parameters, callback } = request as Request & Inner;
    request.callback = (error, count, rows) => callback.call(request, firstOf(error), count, rows);
    request.prependListener('row', datesAsText);
    request.prependListener('columnMetadata', withoutCountName);
    const [first] = parameters;
    if (first?.value instanceof BulkRows) this.sendRows(first.value, request);
    else if (parameters.length === 0) this.execSqlBatch(request);
    else super.execSql(request);
  }

  private sendRows({ table, columns, rows }: BulkRows, request: Request): void {
    const bulk = this.newBulkLoad(table, { keepNulls: true }, (error, count) => request.callback(error, count ?? 0));
    for (const { name, type } of columns) {
      const [, word = '', size = ''] = /^(\w+)(?:\((\w+)\))?$/.exec(type) ?? [];
      const sent = sentTypes[word];
      if (!sent) throw new Error(`no way to send ${type}`);
      bulk.addColumn(name, sent, { nullable: true, ...sizeOf(word, size) });
    }
    this.execBulkLoad(bulk, rows as unknown[][]);
  }
}

/** What a request of tedious holds that its types do not tell. */
interface Inner {
  readonly parameters: readonly { readonly value: unknown }[];
  callback(error: Error | null | undefined, count?: number, rows?: unknown): void;
}

const sentTypes: Readonly<Record<string, (typeof TYPES)[keyof typeof TYPES]>> = {
  int: TYPES.Int,
  bigint: TYPES.BigInt,
  float: TYPES.Float,
  bit: TYPES.Bit,
  nvarchar: TYPES.NVarChar,
  datetime2: TYPES.DateTime2,
  uniqueidentifier: TYPES.UniqueIdentifier,
  varbinary: TYPES.VarBinary,
};

function sizeOf(type: string, size: string): { length?: number; scale?: number } {
  if (type === 'datetime2') return { scale: Number(size) };
  if (type === 'nvarchar' || type === 'varbinary') return { length: size === 'max' ? Infinity : Number(size) };
  return {};
}

/** A batch may end with several errors; the first is the cause of the others. */
function firstOf(error: Error | null | undefined): Error | null | undefined {
  return error instanceof AggregateError ? (error.errors[0] as Error) : error;
}

/** MikroORM looks for `select @@rowcount` in a column without a name, which some endpoints give one. */
function withoutCountName(columns: { colName: string }[] | Record<string, { colName: string }>): void {
  const [first, ...others] = Object.values(columns);
  if (first?.colName === 'rowcount' && others.length === 0) first.colName = '';
}

/** As the ledger and messages write them: naive, `YYYY-MM-DD HH:MM:SS.fffffff`. `Date` knows milliseconds only. */
function datesAsText(columns: { value: unknown }[] | Record<string, { value: unknown }>): void {
  for (const column of Object.values(columns)) {
    if (!(column.value instanceof Date)) continue;
    const { nanosecondsDelta = 0 } = column.value as Date & { nanosecondsDelta?: number };
    const below = String(Math.round(nanosecondsDelta * 1e7)).padStart(4, '0');
    column.value = `${column.value.toISOString().slice(0, -1).replace('T', ' ')}${below}`;
  }
}
