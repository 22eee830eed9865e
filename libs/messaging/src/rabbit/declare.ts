import type { Channel, ChannelModel } from 'amqplib';

import { openChannel } from './channels.js';
import { TopologyFault } from './wiring-fault.js';
import type { TopologyPlan } from './topology.js';

type Step = { readonly what: string; readonly run: (channel: Channel) => Promise<unknown> };

/**
 * Declares the plan, or with `declare` false only checks that it is there (bindings cannot be checked: a message that
 * is routed nowhere is told of when it is published). Throws one `TopologyFault` that names everything that is wrong.
 */
export async function applyTopology(model: ChannelModel, plan: TopologyPlan, declare: boolean): Promise<void> {
  const faults: string[] = [];
  let channel = await openChannel(model);
  for (const { what, run } of declare ? declaring(plan) : checking(plan)) {
    try {
      await run(channel);
    } catch (error) {
      const code = (error as { code?: number }).code;
      // Without a code of the broker's the connection itself is gone: that is no fault of the plan.
      if (code === undefined) throw error;
      faults.push(`${what}: ${mend(code, declare)} (${(error as Error).message})`);
      // The broker closes the channel at every such fault.
      channel = await openChannel(model);
    }
  }
  await channel.close();
  if (faults.length > 0) throw new TopologyFault(faults.join('\n'));
}

function declaring({ exchanges, queues }: TopologyPlan): Step[] {
  return [
    ...exchanges.map(({ name, type }) => ({
      what: `exchange ${name}`,
      run: (channel: Channel) => channel.assertExchange(name, type, { durable: true }),
    })),
    ...queues.map((queue) => ({
      what: `queue ${queue.name}`,
      run: (channel: Channel) => channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments }),
    })),
    ...queues.flatMap(({ name, boundTo }) =>
      boundTo.map((exchange) => ({
        what: `binding of ${exchange} to ${name}`,
        run: (channel: Channel) => channel.bindQueue(name, exchange, name),
      })),
    ),
  ];
}

function checking({ exchanges, queues }: TopologyPlan): Step[] {
  return [
    ...exchanges.map(({ name }) => ({
      what: `exchange ${name}`,
      run: (channel: Channel) => channel.checkExchange(name),
    })),
    ...queues.map(({ name }) => ({ what: `queue ${name}`, run: (channel: Channel) => channel.checkQueue(name) })),
  ];
}

function mend(code: number, declare: boolean): string {
  switch (code) {
    case 403:
      return 'this user may not do that; grant it the right';
    case 404:
      return declare ? 'something it needs is missing' : 'is missing; have it declared by a user who may configure';
    case 406:
      return 'is there already with other settings; put the setting back, or delete it once it is empty and start again';
    default:
      return `the broker refuses with ${code}`;
  }
}
