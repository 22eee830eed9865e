import { connect } from 'amqplib';

import { lanes, queueOf, stages, type Stage } from '#contracts';

/** What passed the broker; null where nobody counts it. */
export interface Traffic {
  readonly messages: number | null;
  /** Handed out again after nobody had acknowledged them. */
  readonly duplicates: number | null;
  readonly deadLetters: number;
}

export const noTraffic: Traffic = { messages: null, duplicates: null, deadLetters: 0 };

interface Counted {
  readonly message_stats?: { readonly publish?: number; readonly redeliver?: number };
}

/** What a virtual host passed on since its broker started. */
type Passed = Pick<Traffic, 'messages' | 'duplicates'>;

/** Asks a broker's management API, by default where the runner handed it over. */
export async function managed(
  method: 'GET' | 'PUT',
  path: string,
  body?: unknown,
  management = process.env['TEST_AMQP_MANAGEMENT_URL'] ?? '',
): Promise<unknown> {
  const { origin, username, password } = new URL(management);
  const response = await fetch(`${origin}/api/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the broker answers ${response.status} to ${method} ${path}`);
  return method === 'GET' ? response.json() : undefined;
}

/** What the broker counted of a virtual host, which its management API tells some seconds late. */
export async function brokerTraffic(amqpUrl: string): Promise<Traffic> {
  const deadLetters = (await depths(amqpUrl, '.dlq')).reduce((sum, depth) => sum + depth, 0);
  const management = process.env['TEST_AMQP_MANAGEMENT_URL'] ?? '';
  const counted = management.startsWith('http') ? await passed(amqpUrl, management) : noTraffic;
  return { ...counted, deadLetters };
}

/** The same of messages that are alive, asked over HTTP alone. */
export async function passed(amqpUrl: string, management: string): Promise<Passed> {
  const vhost = new URL(amqpUrl).pathname.slice(1) || '%2F';
  const { message_stats: counted } = (await managed('GET', `vhosts/${vhost}`, undefined, management)) as Counted;
  return { messages: counted?.publish ?? 0, duplicates: counted?.redeliver ?? 0 };
}

/** Messages in the queues beside the work queues of stages, all by default; in those themselves for ''. */
export async function depths(
  amqpUrl: string,
  suffix: '' | '.wait' | '.again' | '.dlq',
  of: readonly Stage[] = stages.map(({ stage }) => stage),
): Promise<number[]> {
  const connection = await connect(amqpUrl);
  try {
    const channel = await connection.createChannel();
    const queues = stages
      .filter(({ stage, reply }) => !reply && of.includes(stage))
      .flatMap(({ stage, laned }) => (laned ? lanes : [null]).map((lane) => queueOf(stage, lane) + suffix));
    return await Promise.all(queues.map(async (queue) => (await channel.checkQueue(queue)).messageCount));
  } finally {
    await connection.close();
  }
}
