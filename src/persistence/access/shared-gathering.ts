import type { FactsQuery } from '../../directory/access/access-place.js';
import type { AccessCaller, GatheredFacts } from '../../directory/access/access-store.js';
import type { Instant } from '../../kernel/clock.js';

/** Statements of one caller that are under way at the same time; questions that come meanwhile are gathered together. */
const UNDER_WAY = 2;
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
  underWay: number;
}

/**
 * Gathers single questions of one caller together while others are under way: most of what a question costs the database
 * is the statement, not the question. A statement begins after each of its questions was asked, so none is answered from
 * before it.
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
    const line = this.#lines.get(key) ?? { caller, waiting: [], underWay: 0 };
    this.#lines.set(key, line);
    return line;
  }

  #advance(line: Line): void {
    if (line.underWay === 0 && line.waiting.length === 0) this.#lines.delete(keyOf(line.caller));
    while (line.underWay < UNDER_WAY && line.waiting.length > 0) {
      const together = line.waiting.slice(0, TOGETHER);
      line.waiting = line.waiting.slice(TOGETHER);
      line.underWay += 1;
      void this.#answer(line.caller, together).finally(() => {
        line.underWay -= 1;
        this.#advance(line);
      });
    }
  }

  async #answer(caller: AccessCaller, together: readonly Waiting[]): Promise<void> {
    const [only] = together;
    try {
      const { isCallerLive, facts } = await this.#gather(
        caller,
        together.map(({ query }) => query),
        latest(together),
      );
      for (const [index, { resolve }] of together.entries())
        resolve({ isCallerLive, facts: facts.slice(index, index + 1) });
    } catch (error) {
      // Nobody is refused for somebody else's question.
      if (together.length > 1) await Promise.all(together.map((one) => this.#answer(caller, [one])));
      else only?.reject(error);
    }
  }
}

const keyOf = ({ organizationId, apiKeyId }: AccessCaller): string => `${organizationId} ${apiKeyId ?? ''}`;

/** Instants compare as text: they are all of one form, in UTC. */
const latest = (together: readonly Waiting[]): Instant =>
  together.map(({ now }) => now).reduce((a, b) => (a > b ? a : b));
