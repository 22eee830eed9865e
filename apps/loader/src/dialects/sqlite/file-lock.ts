import BetterSqlite from 'better-sqlite3';

/**
 * Holds `<file>-loader` locked as long as this process lives; the operating system frees it after a crash. Readers of
 * the database itself are not touched. Throws where another loader holds it. Returns how to let go.
 */
export function holdFile(file: string): () => void {
  if (file === ':memory:') return () => undefined;
  const lock = new BetterSqlite(`${file}-loader`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
    throw new Error(`another process loads into ${file}; wait for it, stop it, or give another file in DATABASE_URL`);
  }
  return () => void lock.close();
}
