import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from 'rollcall/client';
import type { Caller } from './caller.ts';
import type { Config } from './config.ts';

type Schemas = components['schemas'];
export type Resource = Schemas['AccessEvaluation']['resource'];

/** A yes or a no, and why. */
export interface Decision {
  readonly isAllowed: boolean;
  /** One sentence for people. */
  readonly reason: string;
}

/** Milliseconds until an answer counts as missing. */
const PATIENCE = 5_000;

/** Rollcall has not answered, so nothing is allowed. */
export class AccessUnavailable extends Error {}

/** Asks Rollcall who may do what (OpenID AuthZEN Authorization API 1.0). Answers are not kept: the next one may differ. */
export class Access {
  readonly #client: Client<paths>;

  constructor({ rollcallUrl, apiKey }: Pick<Config, 'rollcallUrl' | 'apiKey'>) {
    this.#client = createClient<paths>({
      baseUrl: rollcallUrl,
      headers: { Authorization: `Bearer ${apiKey}` },
      // Also where the connection breaks: whatever is no answer is one kind of error.
      fetch: (request) =>
        fetch(request, { signal: AbortSignal.timeout(PATIENCE) }).catch((cause: unknown) => {
          throw new AccessUnavailable('Rollcall cannot be reached', { cause });
        }),
    });
  }

  /** @throws AccessUnavailable */
  async mayDo(caller: Caller, action: string, resource: Resource): Promise<Decision> {
    const { data, response } = await this.#client.POST('/access/v1/evaluation', {
      body: { subject: caller.subject, action: { name: action }, resource },
    });
    return toDecision(requireAnswer(data, response));
  }

  /** Many questions at once, answered in their order. @throws AccessUnavailable */
  async mayDoEach(
    caller: Caller,
    questions: readonly { readonly action: string; readonly resource: Resource }[],
  ): Promise<readonly Decision[]> {
    // Without evaluations, the body would be a single question.
    if (questions.length === 0) return [];
    const { data, response } = await this.#client.POST('/access/v1/evaluations', {
      body: {
        subject: caller.subject,
        evaluations: questions.map(({ action, resource }) => ({ action: { name: action }, resource })),
      },
    });
    const answer = requireAnswer(data, response);
    if (!('evaluations' in answer)) throw new AccessUnavailable('a batch was answered with one decision');
    return answer.evaluations.map(toDecision);
  }

  /** Ids of the projects the caller may see, the first page of them. @throws AccessUnavailable */
  async visibleProjects(caller: Caller): Promise<readonly string[]> {
    const { data, response } = await this.#client.POST('/access/v1/search/resource', {
      body: { subject: caller.subject, action: { name: 'project:read' }, resource: { type: 'project' } },
    });
    const { results } = requireAnswer(data, response);
    return results.flatMap((found) => ('id' in found && typeof found.id === 'string' ? [found.id] : []));
  }
}

function requireAnswer<Answer>(answer: Answer | undefined, { status }: Response): Answer {
  if (answer === undefined) throw new AccessUnavailable(`Rollcall answered ${status}`);
  return answer;
}

const toDecision = ({ decision, context }: Schemas['AccessDecision']): Decision => ({
  isAllowed: decision,
  reason: context.reason,
});
