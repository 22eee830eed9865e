/** One process that loads by one way, so that nobody's garbage and compiled code are in another's figures. */
import type { RowBatch } from '#contracts';

import { sampleGroup } from '../sample-batches.js';
import type { Answer, Order, Work } from './orders.js';
import type { Loader } from './way.js';
import { ways } from './ways.js';

let loader: Loader | undefined;
let transactions: readonly RowBatch[][] = [];

async function carryOut(order: Order): Promise<Answer> {
  switch (order.order) {
    case 'open':
      loader = await ways[order.dialect][order.way].open({ ...order.fresh, drop: () => Promise.resolve() });
      return {};
    case 'prepare':
      transactions = prepared(order);
      // What making the rows left behind is not the loader's to clear away.
      globalThis.gc?.();
      return {};
    case 'load': {
      const before = process.cpuUsage();
      for (const batches of transactions) await loader?.load(batches);
      const { user, system } = process.cpuUsage(before);
      return { cpuSeconds: (user + system) / 1e6 };
    }
    case 'close':
      await loader?.close();
      process.disconnect();
      return {};
  }
}

/** Fresh from JSON, as messages are: a first reader pays for flattening texts that were put together. */
function prepared({ groups, content, version }: Work): RowBatch[][] {
  return groups.map((group) => JSON.parse(JSON.stringify(sampleGroup(group, content, version))) as RowBatch[]);
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (answer) => process.connected && process.send?.(answer),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});
