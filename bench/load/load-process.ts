import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Plan, PlanReply, PlanResult } from './plan.ts';

/** The process that sends the load, apart from the one that samples the servers meanwhile. */
export class LoadProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'worker.ts'));

  /**
   * Runs a plan to its end.
   *
   * @throws Error when a request was not answered as expected: a figure of wrong answers means nothing.
   */
  async run(plan: Plan): Promise<PlanResult> {
    const reply = await this.#ask(plan);
    if ('error' in reply) throw new Error(reply.error);
    const { failure, failures, requests } = reply.result;
    if (failure !== undefined) throw new Error(`${failure} (${failures} of ${requests} requests)`);
    return reply.result;
  }

  async #ask(plan: Plan): Promise<PlanReply> {
    const settled = new AbortController();
    const { signal } = settled;
    const answered = once(this.#child, 'message', { signal }).then(([reply]: PlanReply[]) => reply);
    const ended = once(this.#child, 'exit', { signal }).then(() => undefined);
    this.#child.send(plan);
    try {
      const reply = await Promise.race([answered, ended]);
      if (reply === undefined) throw new Error('the load process ended');
      return reply;
    } finally {
      settled.abort();
      await Promise.allSettled([answered, ended]);
    }
  }

  stop(): void {
    this.#child.disconnect();
  }
}
