import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { nodeFlags } from '../program.js';
import type { Answer, Order } from './orders.js';

/** A worker, with the flags of Node that the product runs with. */
export class LoaderProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async open(facts: Omit<Extract<Order, { order: 'open' }>, 'order'>): Promise<LoaderProcess> {
    const execArgv = [...process.execArgv, ...nodeFlags, '--expose-gc'];
    const started = new LoaderProcess(fork(fileURLToPath(new URL('worker.js', import.meta.url)), { execArgv }));
    await started.ask({ order: 'open', ...facts });
    return started;
  }

  async ask(order: Exclude<Order, { order: 'close' }>): Promise<Answer> {
    const answered = Promise.withResolvers<Answer>();
    const ended = (code: number | null) => answered.reject(new Error(`a loading process ended with ${code}`));
    this.child.once('message', (answer: Answer) => answered.resolve(answer)).once('exit', ended);
    this.child.send(order);
    const answer = await answered.promise.finally(() => this.child.off('exit', ended));
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async close(): Promise<void> {
    if (!this.child.connected) return;
    const exit = once(this.child, 'exit');
    this.child.send({ order: 'close' } satisfies Order);
    await exit;
  }
}
