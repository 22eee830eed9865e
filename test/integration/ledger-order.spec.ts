import fc from 'fast-check';

import type { Detail, Outcome, RowBatch, Slice, SliceEnd } from '#contracts';

import { uuidOf } from '../support/row-batches.js';
import { describeDialects } from '../support/suites.js';
import { gapsOf, stateIn } from './ledger-days.js';
import { batch, endOf, Ledger, plan } from './ledger-harness.js';

import.meta.jest.setTimeout(300_000);

const days = ['2026-10-01', '2026-10-02'] as const;
const outcomes = ['loaded', 'rejected', 'gone', 'unknown'] as const satisfies Outcome[];

/** What one attempt at one day will say: each session in one batch, and at last how many there were. */
interface Attempt {
  readonly day: number;
  readonly batches: readonly (readonly Outcome[])[];
  /** Added to ET's count before the listing, and after it. */
  readonly off: readonly [number, number];
  readonly dayOver: boolean;
}
type Step =
  | { readonly do: 'batch'; readonly attempt: number; readonly batch: number }
  | { readonly do: 'end' | 'fail'; readonly attempt: number }
  | { readonly do: 'pause' | 'resume' | 'sweep' | 'dispatch' };

const attempt: fc.Arbitrary<Attempt> = fc.record({
  day: fc.nat({ max: days.length - 1 }),
  batches: fc.array(fc.array(often('loaded', outcomes), { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
  off: fc.tuple(often(0, [1]), often(0, [1, 2])),
  dayOver: often(true, [false]),
});

/** Everything in any order, most of it once, some of it twice, some never. */
const story = fc.array(attempt, { minLength: 1, maxLength: 4 }).chain((attempts) => {
  const told = attempts.flatMap(({ batches }, index): Step[] => [
    ...batches.map((_, at) => ({ do: 'batch', attempt: index, batch: at }) as const),
    { do: 'end', attempt: index },
  ]);
  const others: Step[] = [
    ...told,
    ...attempts.map((_, index) => ({ do: 'fail', attempt: index }) as const),
    ...(['pause', 'resume', 'sweep', 'dispatch'] as const).map((what) => ({ do: what })),
  ];
  const steps = fc
    .tuple(fc.subarray(told, { minLength: Math.max(0, told.length - 1) }), fc.subarray(others))
    .chain((parts) => fc.shuffledSubarray(parts.flat(), { minLength: parts.flat().length }));
  return fc.record({ attempts: fc.constant(attempts), steps });
});

describeDialects('whatever the order of batches, ends, failures and pauses', (dialect) => {
  const ledger = Ledger.forEachTest(dialect);

  it('the ledger says what is true, and nothing that may still change', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ attempts, steps }) => {
        await ledger.loader.empty();
        const told = new Story(await open(), attempts);
        for (const step of steps) {
          await take(step, told);
          await check(told);
        }
      }),
      { numRuns: dialect === 'sqlite' ? 40 : 8 },
    );
  });

  async function open(): Promise<Slice[]> {
    const slices = await ledger.loader.open(
      plan(
        'r',
        days.map((day) => ({ sliceId: `r:${day}`, lane: 'live', subject: { kind: 'day', day } })),
      ),
    );
    return days.map((day) => slices.find(({ sliceId }) => sliceId === `r:${day}`) as Slice);
  }

  async function take(step: Step, told: Story): Promise<void> {
    const { closer, dispatcher, sweeper } = ledger.loader;
    switch (step.do) {
      case 'batch':
        return ledger.loader.merge(told.batch(step.attempt, step.batch));
      case 'end':
        return closer.end(told.end(step.attempt));
      case 'fail':
        return closer.fail({ slice: told.sliceOf(step.attempt), stage: 'raw', reason: 'broken' });
      case 'sweep':
        return sweeper.sweep(new Date());
      case 'dispatch':
        return dispatcher.dispatch();
      default:
        await ledger.loader.ask({ type: 'control-run', runId: 'r', action: step.do });
    }
  }

  async function check(told: Story): Promise<void> {
    const sliceRows = `select slice_id, state, attempt from etl_slices where kind = 'day' order by slice_id`;
    const rows = await ledger.loader.database.transaction((tx) =>
      tx.query<{ slice_id: string; state: string; attempt: string | null }>(sliceRows),
    );
    const open = ['planned', 'queued'];
    for (const [index, { state, attempt: closedBy }] of rows.entries()) {
      const closable = told.closable(index);
      if (open.includes(state) || state === 'failed') expect(closable).toEqual([]);
      else expect(closable.map((one) => [told.id(one), told.verdict(one)])).toContainEqual([closedBy, state]);
    }
    const run = await ledger.loader.run('r');
    const states = rows.map(({ state }) => state);
    const unfinished = states.some((state) => open.includes(state));
    expect(['open', 'paused'].includes(run.state)).toBe(unfinished);
    if (!unfinished) expect(run.state).toBe(states.includes('failed') ? 'failed' : 'done');

    const { verified } = await stateIn(ledger.loader, 0);
    expect(verified.map(({ day }) => day)).toEqual(days.filter((_, index) => states[index] === 'verified'));
    const gaps = await gapsOf(ledger.loader);
    expect(gaps.days.map(({ day }) => day)).toEqual(days.filter((_, index) => states[index] !== 'verified'));
    const closers = rows.flatMap(({ attempt: closedBy }) => closedBy ?? []);
    expect(gaps.unknown.map(({ id }) => id).sort()).toEqual(closers.flatMap((id) => told.unknownOf(id)).sort());
  }
});

/** What was told so far, and what may be concluded from it. */
class Story {
  private readonly batches = new Map<string, RowBatch>();
  private readonly ended = new Set<number>();

  constructor(
    private readonly slices: readonly Slice[],
    private readonly attempts: readonly Attempt[],
  ) {}

  id(index: number): string {
    return uuidOf(1_000 + index);
  }

  sliceOf(index: number): Slice {
    return this.slices[this.attempt(index).day] as Slice;
  }

  /** The same one however often it is told. */
  batch(index: number, at: number): RowBatch {
    const place = `${index} ${at}`;
    const known = this.batches.get(place);
    if (known) return known;
    const given = this.attempt(index).batches[at] ?? [];
    const unknown: { document: Detail; reason: string }[] = [{ document: 'scores', reason: '500' }];
    const answered = given.map((outcome, position) => ({
      key: uuidOf(100 * this.attempt(index).day + 10 * at + position),
      outcome,
      documents: [],
      unknown: outcome === 'unknown' ? unknown : [],
    }));
    const made = batch(this.sliceOf(index), this.id(index), [], { answered }, at);
    this.batches.set(place, made);
    return made;
  }

  end(index: number): SliceEnd {
    this.ended.add(index);
    const { off, dayOver } = this.attempt(index);
    const listed = this.listed(index);
    const counts = { countBefore: listed + off[0], countAfter: listed + off[1] };
    return endOf(this.sliceOf(index), this.id(index), listed, { ...counts, dayOver });
  }

  /** Attempts at a day of which everything was told. */
  closable(day: number): number[] {
    return [...this.ended].filter(
      (index) =>
        this.attempt(index).day === day &&
        this.attempt(index).batches.every((_, at) => this.batches.has(`${index} ${at}`)),
    );
  }

  verdict(index: number): string {
    const { off, dayOver, batches } = this.attempt(index);
    if (!dayOver) return 'complete';
    return off.some((count) => count !== 0) || batches.flat().includes('unknown') ? 'unverified' : 'verified';
  }

  unknownOf(id: string): string[] {
    const index = this.attempts.findIndex((_, at) => this.id(at) === id);
    const told = this.attempt(index).batches.flatMap((_, at) => this.batch(index, at).answered);
    return told.filter(({ outcome }) => outcome === 'unknown').map(({ key }) => key);
  }

  private attempt(index: number): Attempt {
    return this.attempts[index] as Attempt;
  }

  private listed(index: number): number {
    return this.attempt(index).batches.flat().length;
  }
}

function often<T>(usual: T, others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: fc.constant(usual), weight: 5 }, { arbitrary: fc.constantFrom(...others), weight: 2 });
}
