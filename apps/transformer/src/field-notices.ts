const MAX_RUNS = 16;
const MAX_PATHS = 1000;

/** Remembers which unknown fields were already told, for the last runs only: each is named once per run and process. */
export class FieldNotices {
  private readonly told = new Map<string, Set<string>>();

  /** Those of the paths that this run has not heard of yet. */
  untold(runId: string, paths: readonly string[]): string[] {
    const told = this.of(runId);
    const fresh = paths.filter((path) => !told.has(path)).slice(0, MAX_PATHS - told.size);
    for (const path of fresh) told.add(path);
    return fresh;
  }

  private of(runId: string): Set<string> {
    const told = this.told.get(runId) ?? new Set<string>();
    // Moved to the end, so that the run heard of longest ago is the first to go.
    this.told.delete(runId);
    this.told.set(runId, told);
    const [oldest] = this.told.keys();
    if (this.told.size > MAX_RUNS && oldest !== undefined) this.told.delete(oldest);
    return told;
  }
}
