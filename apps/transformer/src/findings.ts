import type { ColumnType } from '#contracts';

import { nameOf } from './cells.js';
import type { Cleaned } from './cleaning.js';

const MAX_FIELDS = 200;
const MAX_FIELD_LENGTH = 100;
const MAX_REASONS = 3;

/** What is to be told about a batch beside its rows: faults of the record in hand, unknown fields and cleaned characters of all. */
export class Findings {
  readonly cleaned: Cleaned = { nul: 0, surrogates: 0 };
  private readonly fields = new Map<string, number>();
  private faults = new Set<string>();

  /** The record in hand cannot be mapped. Says where and what was found, never the value. */
  fault(path: string, expected: ColumnType | 'list' | 'object', value: unknown): void {
    const type = expected === 'list' || expected === 'object' ? undefined : expected;
    this.faults.add(`${path}: expected ${expected}, found ${nameOf(value, type)}`);
  }

  /** The faults since the last call as one sentence; undefined where there were none. */
  takeFaults(): string | undefined {
    if (this.faults.size === 0) return undefined;
    const all = [...this.faults];
    this.faults = new Set();
    const more = all.length > MAX_REASONS ? `; and ${all.length - MAX_REASONS} more` : '';
    return all.slice(0, MAX_REASONS).join('; ') + more;
  }

  /** Counts the fields of an object that are not `known`. Their names are ET's, so their length and number are bounded. */
  countUnknown(path: string, known: ReadonlySet<string>, record: object): void {
    for (const field of Object.keys(record)) {
      if (known.has(field)) continue;
      const named = `${path}.${field.slice(0, MAX_FIELD_LENGTH).toWellFormed()}`;
      const counted = this.fields.has(named) || this.fields.size < MAX_FIELDS ? named : `${path}.(more)`;
      this.fields.set(counted, (this.fields.get(counted) ?? 0) + 1);
    }
  }

  unknownFields(): Record<string, number> {
    return Object.fromEntries(this.fields);
  }
}
