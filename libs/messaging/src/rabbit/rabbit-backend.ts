import type { Service } from '#contracts';
import type { ChannelModel, ConsumeMessage } from 'amqplib';

import type { Backend, Depth, Envelope, Incoming, Place, Route, Subscription } from '../backend.js';
import type { DeadLetters } from '../dead-letters.js';
import type { Link, Purpose } from '../link.js';
import type { Log } from '../log.js';
import { Tally } from '../tally.js';
import { orAborted } from '../waiting.js';
import { RabbitConnection, type BrokerTls } from './connection.js';
import { RabbitDeadLetters } from './dead-letters.js';
import { applyTopology } from './declare.js';
import { queueDepths } from './depths.js';
import { Destination } from './destination.js';
import { Names } from './names.js';
import { propertiesOf } from './properties.js';
import { RabbitQuestions } from './questions.js';
import { RabbitSubscription } from './subscription.js';
import { topologyPlan, type TopologyOptions } from './topology.js';

export interface RabbitOptions extends TopologyOptions {
  readonly url: string;
  readonly tls?: BrokerTls;
  /** Who connects: it publishes to its own exchange only. */
  readonly service: Service;
  readonly logger: Log;
  /** False: only check that everything was declared beforehand. */
  readonly declare?: boolean;
  /** Told how a connection stands, each time that changes. */
  readonly told?: (purpose: Purpose, link: Link) => void;
}

const REPLY_MS = 5_000;

/**
 * RabbitMQ 3.10 or later. Two connections, one to publish and one to consume: while an alarm is on, the broker stops
 * reading from whoever publishes, and acknowledgements behind a publication would never arrive.
 */
export class RabbitBackend implements Backend {
  readonly tally = new Tally();
  readonly compress = true;
  private readonly names: Names;
  private readonly destinations = new Map<string, Destination>();
  private readonly questions: RabbitQuestions;

  private constructor(
    private readonly options: RabbitOptions,
    private readonly publishing: RabbitConnection,
    private readonly consuming: RabbitConnection,
  ) {
    this.names = new Names(options.prefix);
    this.questions = new RabbitQuestions(publishing);
  }

  /**
   * Waits for the broker as long as it takes, and declares the topology (or checks it). Throws `WiringFault` where a
   * person has to mend something: URL, credentials, rights, settings of a queue.
   */
  static async connect(options: RabbitOptions): Promise<RabbitBackend> {
    const { declare = true } = options;
    const plan = topologyPlan(options);
    return RabbitBackend.open(options, (model) => applyTopology(model, plan, declare));
  }

  /** For who only looks: the same without declaring or checking anything, and without the right to. */
  static async visit(options: Omit<RabbitOptions, 'declare'>): Promise<RabbitBackend> {
    return RabbitBackend.open(options);
  }

  private static async open(
    options: RabbitOptions,
    setup?: (model: ChannelModel) => Promise<void>,
  ): Promise<RabbitBackend> {
    const { url, tls, service, logger, told } = options;
    const connection = (purpose: Purpose) => ({
      url,
      tls,
      name: `etl-${service}-${purpose}`,
      logger,
      told: (link: Link) => told?.(purpose, link),
    });
    const publishing = await RabbitConnection.open({ ...connection('publish'), ...(setup && { setup }) });
    const consuming = await RabbitConnection.open(connection('consume'));
    return new RabbitBackend(options, publishing, consuming);
  }

  async publish(route: Route, place: Place, envelope: Envelope, signal: AbortSignal): Promise<void> {
    const { messageId, body } = envelope;
    const properties = { ...propertiesOf(route, envelope, this.options.service), messageId };
    await this.destination(route, place).publish(body, properties, signal);
  }

  async request(question: Envelope, signal: AbortSignal): Promise<Envelope> {
    const route = { stage: 'questions', lane: null } as const;
    const exchange = this.names.exchange(this.options.service);
    const properties = propertiesOf(route, question, this.options.service);
    return this.questions.ask(exchange, this.names.queue(route), question.body, properties, signal);
  }

  async consume(route: Route, prefetch: number, take: (incoming: Incoming) => void): Promise<Subscription> {
    const { logger } = this.options;
    const hasWaiting = route.stage !== 'questions';
    const queues = [this.names.queue(route), ...(hasWaiting ? [this.names.queue(route, 'again')] : [])];
    const reply = (message: ConsumeMessage) => this.replyTo(route, message);
    return new RabbitSubscription({ connection: this.consuming, route, queues, prefetch, logger, take, reply });
  }

  /** The dead letters of all queues. */
  get deadLetters(): DeadLetters {
    const republish = (...args: Parameters<Backend['publish']>) => this.publish(...args);
    return new RabbitDeadLetters(this.consuming, this.names, republish);
  }

  async depth(): Promise<Depth[]> {
    const patience = AbortSignal.timeout(REPLY_MS);
    return orAborted(queueDepths(await this.consuming.ready(patience), this.names), patience);
  }

  async close(): Promise<void> {
    await this.consuming.close();
    await this.publishing.close();
  }

  private destination(route: Route, place: Place): Destination {
    const queue = this.names.queue(route, place);
    const known = this.destinations.get(queue);
    if (known) return known;
    // What comes back comes through one exchange, whoever sends it.
    const exchange = place === 'again' ? this.names.returns : this.names.exchange(this.options.service);
    const made = new Destination(this.publishing, { route, exchange, queue });
    this.destinations.set(queue, made);
    return made;
  }

  private replyTo(route: Route, message: ConsumeMessage): Incoming['reply'] {
    if (!message.properties.replyTo) return undefined;
    return (answer) => {
      const properties = propertiesOf(route, answer, this.options.service);
      return this.questions.reply(message, answer.body, properties, AbortSignal.timeout(REPLY_MS));
    };
  }
}
