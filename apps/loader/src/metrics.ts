import type { Lane } from '#contracts';
import { counter, histogram, type Metric } from '#health';

/** Upper bounds, seconds: a group of batches takes some 10 ms, one that waits for locks or a slow disk many. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What merging did since the process began. */
export class MergeTally {
  private readonly durations = histogram(
    {
      name: 'etl_merge_duration_seconds',
      help: 'How long it took to merge what was in hand of a lane, waiting for a connection and repeats included',
      labelNames: ['lane', 'outcome'],
    },
    BUCKETS,
  );
  private readonly rows = new Map<string, number>();

  /** Runs a merge and counts it; `written` of what it gives are rows by table. */
  async timed<T extends { readonly written: Readonly<Record<string, number>> }>(
    lane: Lane,
    merge: () => Promise<T>,
  ): Promise<T> {
    const end = this.durations.startTimer({ lane });
    try {
      const result = await merge();
      end({ outcome: 'merged' });
      for (const [table, rows] of Object.entries(result.written)) {
        this.rows.set(table, (this.rows.get(table) ?? 0) + rows);
      }
      return result;
    } catch (error) {
      end({ outcome: 'failed' });
      throw error;
    }
  }

  metrics(): Metric[] {
    return [
      this.durations,
      counter(
        {
          name: 'etl_rows_written_total',
          help: 'Rows inserted, updated and deleted in a table of the warehouse; unchanged data writes none',
          labelNames: ['table'],
        },
        () => [...this.rows].map(([table, value]) => ({ labels: { table }, value })),
      ),
    ];
  }
}
