import { stages } from '#contracts';
import type { ChannelModel } from 'amqplib';

import type { Depth, Place, Route } from '../backend.js';
import { closeQuietly, openChannel } from './channels.js';
import type { Names } from './names.js';
import { routesOf } from './topology.js';

const NOT_FOUND = 404;

/** What lies in the queues of every route. Passive declarations tell: they need no right, and make no queue. */
export async function queueDepths(model: ChannelModel, names: Names): Promise<Depth[]> {
  let channel = await openChannel(model);
  const look = async (route: Route, place: Place) => {
    try {
      return await channel.checkQueue(names.queue(route, place));
    } catch (error) {
      if ((error as { code?: unknown }).code !== NOT_FOUND) throw error;
      // The broker has closed the channel.
      channel = await openChannel(model);
      return undefined;
    }
  };
  const count = async (route: Route, place: Place) => (await look(route, place))?.messageCount ?? 0;
  const depths: Depth[] = [];
  try {
    for (const route of stages.filter(({ reply }) => !reply).flatMap(routesOf)) {
      const work = await look(route, 'work');
      if (!work) continue;
      depths.push({
        ...route,
        queue: names.queue(route),
        work: work.messageCount,
        inHand: null,
        wait: await count(route, 'wait'),
        again: await count(route, 'again'),
        dead: await count(route, 'dead'),
        consumers: work.consumerCount,
      });
    }
    return depths;
  } finally {
    await closeQuietly(channel);
  }
}
