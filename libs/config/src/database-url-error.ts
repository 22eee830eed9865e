/** Thrown where a database URL cannot be read; the message continues `DATABASE_URL …` and holds no secret. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';

  constructor(
    problem: string,
    readonly mend: string,
  ) {
    super(problem);
  }
}

/** A port as a URL gives it, undefined where it gives none. Throws `DatabaseUrlError`. */
export function portOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw new DatabaseUrlError(
    'has a port that is no number from 1 to 65535',
    'write user:password@host:port, with : in a password as %3A and @ as %40',
  );
}
