/** Categories whose rule changed, and the watermark to keep. */
export interface CategoryChanges {
  /** Ids of categories that changed after the watermark; none where there was no watermark yet. */
  readonly changed: readonly number[];
  /** Greatest moment of change seen, at least the old watermark; null where no category tells one. */
  readonly watermark: string | null;
}

/** Compares ET's `/categories` with the watermark of the last daily run. Moments are compared as normalised text. */
export function categoryChanges(categories: readonly unknown[], watermark: string | null): CategoryChanges {
  const moments = categories.map((category) => {
    const { id, created_at, updated_at } = Object(category) as Record<string, unknown>;
    return { id: Number(id), at: latest([moment(created_at), moment(updated_at)]) };
  });
  const changed = moments
    .filter(({ id, at }) => Number.isSafeInteger(id) && watermark !== null && at !== null && at > watermark)
    .map(({ id }) => id);
  return {
    changed: [...new Set(changed)].sort((a, b) => a - b),
    watermark: latest([watermark, ...moments.map(({ at }) => at)]),
  };
}

/** ET's naive ISO text, with or without microseconds, sometimes with `Z`, in one form that sorts by time. */
function moment(value: unknown): string | null {
  const [, date, time, fraction = ''] =
    (typeof value === 'string' && /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?/.exec(value)) || [];
  return date && time ? `${date}T${time}.${fraction.slice(0, 6).padEnd(6, '0')}` : null;
}

function latest(moments: readonly (string | null)[]): string | null {
  return moments.reduce((greatest, at) => (at !== null && (greatest === null || at > greatest) ? at : greatest), null);
}
