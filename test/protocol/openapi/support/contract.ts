import type { Reply, RequestOptions, ScimClient } from '../../../support/scim-client.js';
import { find, listParts, type Located } from './description.js';
import { OPERATIONS, operationsAt } from './operation.js';
import { findViolations } from './validate.js';

/** Sends a request and asserts that openapi.yaml declares the answer. */
export type Send = (method: string, path: string, options?: RequestOptions) => Promise<Reply>;

/** Holds answers to openapi.yaml, and remembers which of those it declares were given. */
export class Contract {
  readonly #given = new Set<string>();

  /** Speaks through a client whose base address is that of the server. */
  through(client: ScimClient): Send {
    return async (method, path, options) => {
      const reply = await client.request(method, path, options);
      this.check(method, path, reply);
      return reply;
    };
  }

  /** @throws when openapi.yaml declares no such answer to this request */
  check(method: string, path: string, reply: Reply): void {
    const pathname = path.split('?')[0] ?? '';
    const candidates = operationsAt(pathname);
    const asked = candidates.find((candidate) => candidate.method === method);
    // What a path does not have is declared where its operations are.
    const operations = asked ? [asked] : candidates.filter(({ responses }) => responses.has('405'));
    const [operation] = operations;
    const response = operation?.responses.get(asked ? String(reply.status) : '405');
    const problems = response
      ? [...findProblems(response, reply), ...(asked ? [] : expectStatus(reply, 405))]
      : ['the status is not declared'];
    if (problems.length > 0)
      throw new Error(
        `${method} ${path} was answered ${reply.status}: ${problems.join('; ')}\n${reply.text.slice(0, 2_000)}`,
      );
    for (const { id } of operations) this.#given.add(`${id} ${reply.status}`);
  }

  /** What openapi.yaml declares and no request was answered with, such as `createUser 409`. */
  get missing(): readonly string[] {
    return OPERATIONS.flatMap(({ id, responses }) =>
      [...responses.keys()].map((status) => `${id} ${status}`),
    ).filter((answer) => !this.#given.has(answer));
  }
}

const expectStatus = (reply: Reply, status: number): readonly string[] =>
  reply.status === status ? [] : [`${status} was expected`];

const findProblems = (response: Located, reply: Reply): readonly string[] => [
  ...findHeaderProblems(response, reply),
  ...findBodyProblems(response, reply),
];

function findHeaderProblems(response: Located, { headers }: Reply): readonly string[] {
  return listParts(find(response, 'headers')).flatMap(([name, header]) => {
    const value = headers.get(name);
    if (value === null) return header.value['required'] === true ? [`${name} is missing`] : [];
    return findViolations(`${header.pointer}/schema`, value).map((violation) => `${name}: ${violation}`);
  });
}

function findBodyProblems(response: Located, { headers, status, text, body }: Reply): readonly string[] {
  const content = listParts(find(response, 'content'));
  const mediaType = headers.get('content-type')?.split(';')[0]?.trim();
  // The text of a redirect is for people whose browser does not follow it.
  if (content.length === 0) return text === '' || status === 308 ? [] : ['there should be no body'];
  const declared = content.find(([name]) => name === mediaType);
  if (!declared) return [`the media type ${mediaType} is not declared`];
  const [name, { pointer }] = declared;
  const violations = findViolations(`${pointer}/schema`, /[/+]json$/.test(name) ? body : text);
  const isOtherStatus = name === 'application/scim+json' && status >= 400 && body.status !== String(status);
  return isOtherStatus ? [...violations, 'status in the body differs'] : violations;
}
