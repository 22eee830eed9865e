interface Waiter {
  readonly weight: number;
  readonly admit: () => void;
}

/** A first-come-first-served budget of slots; one request may take several, as many as there are at most. */
export class Slots {
  private used = 0;
  private readonly waiting: Waiter[] = [];

  constructor(readonly limit: number) {}

  /** Resolves with the function that gives the slots back. Rejects with the signal's reason. */
  acquire(wanted: number, signal: AbortSignal): Promise<() => void> {
    const weight = Math.min(wanted, this.limit);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const waiter: Waiter = {
        weight,
        admit: () => {
          signal.removeEventListener('abort', leave);
          resolve(() => this.release(weight));
        },
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.admit();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiter);
      this.admit();
    });
  }

  private release(weight: number): void {
    this.used -= weight;
    this.admit();
  }

  private admit(): void {
    for (let next = this.waiting[0]; next && this.used + next.weight <= this.limit; next = this.waiting[0]) {
      this.waiting.shift();
      this.used += next.weight;
      next.admit();
    }
  }
}
