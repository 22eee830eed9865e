/** Independent sequences for one session: what draws from one never disturbs another. */
export const streams = {
  facts: 1,
  body: 2,
  scores: 3,
  summary: 4,
  comments: 5,
  transcripts: 6,
  detail: 7,
  place: 8,
  calendar: 9,
  dictionaries: 10,
  faults: 11,
  tags: 12,
} as const;
export type Stream = keyof typeof streams;

/** Scatters 32 bits (the finaliser of MurmurHash3). */
export function scatter(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 32 bits made of several numbers, in order. */
export function scatterAll(...values: number[]): number {
  let bits = 0x9e3779b9;
  for (const value of values) bits = scatter(bits ^ Math.imul(value | 0, 0x27d4eb2d)) + 0x165667b1;
  return scatter(bits);
}

/**
 * Pseudo-random numbers that depend only on (seed, stream, index): any record can be made again at any time, so
 * none has to be kept.
 */
export class Random {
  #state: number;

  constructor(seed: number, stream: Stream, index: number, revision = 0) {
    this.#state = scatterAll(seed, streams[stream], index, revision);
  }

  /** 32 bits, unsigned. */
  bits(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return scatter(this.#state);
  }

  /** From 0 up to, but not, 1. */
  unit(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** A whole number from 0 up to, but not, `limit`. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('nothing to pick from');
    return list[this.below(list.length)] as T;
  }
}
