import type { FactsQuery } from '../../directory/access/access-place.js';
import type { AccessCaller, GatheredFacts } from '../../directory/access/access-store.js';
import type { Instant } from '../../kernel/clock.js';

/** Questions gathered together at most. */
const TOGETHER = 50;

type Gather = (caller: AccessCaller, queries: readonly FactsQuery[], now: Instant) => Promise<GatheredFacts>;

interface Waiting {
  readonly query: FactsQuery;
  readonly now: Instant;
  readonly resolve: (found: GatheredFacts) => void;
  readonly reject: (error: unknown) => void;
}

/** The questions of one caller. */
interface Line {
  readonly caller: AccessCaller;
  waiting: Waiting[];
  isBusy: boolean;
}

/** Hands the facts to those who asked. */
type Settle = () => void;

/**
 * Gathers the single questions of one caller that come while a statement for it is under way with the next one: most of
 * what a question costs the database is the statement, not the question. A statement begins after each of its questions
 * was asked, so none is answered from before it. The next is sent before the facts of the last are handed out, so that
 * the database works while this process does; two at once had half as many questions each, and a sixth less throughput.
 */
export class SharedGathering {
  readonly #gather: Gather;
  readonly #lines = new Map<string, Line>();

  constructor(gather: Gather) {
    this.#gather = gather;
  }

  gather(caller: AccessCaller, query: FactsQuery, now: Instant): Promise<GatheredFacts> {
    const line = this.#lineOf(caller);
    return new Promise((resolve, reject) => {
      line.waiting.push({ query, now, resolve, reject });
      this.#advance(line);
    });
  }

  #lineOf(caller: AccessCaller): Line {
    const key = keyOf(caller);
    const line = this.#lines.get(key) ?? { caller, waiting: [], isBusy: false };
    this.#lines.set(key, line);
    return line;
  }

  #advance(line: Line): void {
    if (line.isBusy) return;
    const together = line.waiting.slice(0, TOGETHER);
    if (together.length === 0) {
      this.#lines.delete(keyOf(line.caller));
      return;
    }
    line.waiting = line.waiting.slice(TOGETHER);
    line.isBusy = true;
    void this.#answer(line.caller, together).then((settle) => {
      line.isBusy = false;
      this.#advance(line);
      settle();
    });
  }

  /** Never rejects. */
  async #answer(caller: AccessCaller, together: readonly Waiting[]): Promise<Settle> {
    try {
      const { isCallerLive, facts } = await this.#gather(
        caller,
        together.map(({ query }) => query),
        latest(together),
      );
      return () => {
        for (const [index, { resolve }] of together.entries())
          resolve({ isCallerLive, facts: facts.slice(index, index + 1) });
      };
    } catch (error) {
      if (together.length === 1)
        return () => {
          together[0]?.reject(error);
        };
      // Nobody is refused for somebody else's question.
      const settles = await Promise.all(together.map((one) => this.#answer(caller, [one])));
      return () => {
        for (const settle of settles) settle();
      };
    }
  }
}

const keyOf = ({ organizationId, apiKeyId }: AccessCaller): string => `${organizationId} ${apiKeyId ?? ''}`;

/** Instants compare as text: they are all of one form, in UTC. */
const latest = (together: readonly Waiting[]): Instant =>
  together.map(({ now }) => now).reduce((a, b) => (a > b ? a : b));
