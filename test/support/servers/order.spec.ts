import type { Offer, RunningServer, ServerKind, Source } from './kinds.js';
import { choose, offers } from './order.js';

const server = (origin: string): Offer => ({
  start: () => Promise.resolve<RunningServer>({ url: '', origin, stop: () => Promise.resolve() }),
});

/** A source that has some kinds, and remembers what it was asked for. */
function source(name: string, has: readonly ServerKind[]): { ask: Source; asked: ServerKind[] } {
  const asked: ServerKind[] = [];
  const ask: Source = (kinds) => {
    asked.push(...kinds);
    return offers(kinds, (kind) => (has.includes(kind) ? server(name) : { reason: `not in ${name}` }));
  };
  return { ask, asked };
}

describe('the order in which servers are looked for', () => {
  it('takes each from the first source that has it', async () => {
    const first = source('first', ['rabbitmq']);
    const second = source('second', ['rabbitmq', 'postgresql']);
    const { starts, missing } = await choose(['rabbitmq', 'postgresql'], [first.ask, second.ask]);
    const origins = await Promise.all([...starts].map(async ([kind, start]) => [kind, (await start()).origin]));
    expect(origins).toEqual([
      ['rabbitmq', 'first'],
      ['postgresql', 'second'],
    ]);
    expect(missing.size).toBe(0);
  });

  it('asks later sources for the rest alone, and not at all when nothing is left', async () => {
    const [first, second, third] = [source('first', ['rabbitmq']), source('second', ['mariadb']), source('third', [])];
    await choose(['rabbitmq', 'mariadb'], [first.ask, second.ask, third.ask]);
    expect(second.asked).toEqual(['mariadb']);
    expect(third.asked).toEqual([]);
  });

  it("keeps every source's reason for what nobody has", async () => {
    const { missing } = await choose(['mssql'], [source('first', []).ask, source('second', []).ask]);
    expect([...missing]).toEqual([['mssql', 'not in first; not in second']]);
  });

  it('does not name a source that never has such servers', async () => {
    const never: Source = (kinds) => offers(kinds, () => undefined);
    const { missing } = await choose(['mssql'], [source('first', []).ask, never]);
    expect([...missing]).toEqual([['mssql', 'not in first']]);
  });
});
