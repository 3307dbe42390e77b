import type { ConnectionMode, ConnectionSettings } from '../../../../src/directory/connections/connection.js';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../../src/directory/connections/connection.js';
import { DomainError, isDomainError } from '../../../../src/kernel/errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../src/kernel/json.js';
import { createBulkOperation } from '../../../../src/scim/bulk/index.js';
import { ScimError, scimErrorOf } from '../../../../src/scim/errors.js';
import { NO_PARAMETERS, type ScimReply, type ScimWriteRequest } from '../../../../src/scim/exchange.js';
import type { ResourceOperations } from '../../../../src/scim/resources/resource-operations.js';

export const BASE_URL = 'https://rollcall.test/scim/v2';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const ROLLCALL = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';

export interface Call {
  readonly verb: 'create' | 'replace' | 'patch' | 'remove';
  readonly path: string;
  readonly ifMatch: string | undefined;
  readonly body?: JsonObject;
  readonly settings: ConnectionSettings;
}

/** Resource operations that only write down what they are asked, and refuse what `refuse` names. */
export class Recorder {
  readonly calls: Call[] = [];
  readonly #refuse: (call: Call) => Error | undefined;
  #count = 0;

  constructor(refuse: (call: Call) => Error | undefined = () => undefined) {
    this.#refuse = refuse;
  }

  operations(endpoint: string): ResourceOperations {
    const unused = (): Promise<never> => Promise.reject(new Error('not part of Bulk'));
    const answer = (call: Call, reply: ScimReply): Promise<ScimReply> => {
      this.calls.push(call);
      const error = this.#refuse(call);
      return error ? Promise.reject(error) : Promise.resolve(reply);
    };
    const from = ({ ifMatch, context }: ScimWriteRequest) => ({
      ifMatch,
      settings: context.connection.settings,
    });
    const ETag = 'W/"1"';
    return {
      read: unused,
      list: unused,
      create: (request) => {
        this.#count += 1;
        const Location = `${BASE_URL}${endpoint}/id-${this.#count}`;
        const call: Call = { verb: 'create', path: endpoint, body: request.body, ...from(request) };
        return answer(call, { status: 201, headers: { Location, ETag } });
      },
      replace: (request, id) => {
        const call: Call = {
          verb: 'replace',
          path: `${endpoint}/${id}`,
          body: request.body,
          ...from(request),
        };
        return answer(call, { status: 200, headers: { ETag } });
      },
      patch: (request, id) => {
        const call: Call = { verb: 'patch', path: `${endpoint}/${id}`, body: request.body, ...from(request) };
        return answer(call, { status: 200, headers: { ETag: 'W/"2"' } });
      },
      remove: (request, id) => {
        const call: Call = {
          verb: 'remove',
          path: `${endpoint}/${id}`,
          ...from({ ...request, body: {} }),
        };
        return answer(call, { status: 204 });
      },
    };
  }
}

export interface Setting {
  readonly recorder?: Recorder;
  readonly mode?: ConnectionMode;
  readonly settings?: Partial<ConnectionSettings>;
}

/** The reply to a Bulk body as parsed JSON. @throws what the request as a whole is refused with */
export async function bulk(body: JsonObject, setting: Setting = {}): Promise<JsonObject> {
  const recorder = setting.recorder ?? new Recorder();
  const run = createBulkOperation(
    new Map([
      ['/Users', recorder.operations('/Users')],
      ['/Groups', recorder.operations('/Groups')],
      ['/Roles', recorder.operations('/Roles')],
    ]),
    describeError,
    () => undefined,
  );
  const reply = await run(requestOf(body, setting));
  return JSON.parse(reply.body as string) as JsonObject;
}

/** The results of operations that are all in order as a request. */
export async function resultsOf(
  operations: readonly JsonValue[],
  setting: Setting & { readonly failOnErrors?: number } = {},
): Promise<readonly JsonObject[]> {
  const { failOnErrors } = setting;
  const body = { Operations: [...operations], ...(failOnErrors === undefined ? {} : { failOnErrors }) };
  const { Operations: results } = await bulk(body, setting);
  return (results as JsonValue[]).filter(isJsonObject);
}

export const statusesOf = (results: readonly JsonObject[]): readonly unknown[] =>
  results.map(({ status }) => status);

/** The problem that a whole request is refused with. */
export async function problemOf(body: JsonObject, setting?: Setting): Promise<unknown> {
  try {
    return await bulk(body, setting);
  } catch (error) {
    if (error instanceof ScimError) return error.problem;
    throw error;
  }
}

export const postUser = (bulkId: string, data: JsonObject = {}): JsonObject => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: { userName: bulkId, ...data },
});

export const managedBy = (bulkId: string): JsonObject => ({
  [ENTERPRISE]: { manager: { value: `bulkId:${bulkId}` } },
});

export const postGroup = (bulkId: string, members: readonly string[]): JsonObject => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: { displayName: bulkId, members: members.map((value) => ({ value })) },
});

export const taken = (): Error => new DomainError('user.user_name_taken');

function describeError(error: unknown): ScimError {
  if (error instanceof ScimError) return error;
  if (isDomainError(error)) return scimErrorOf(error);
  return new ScimError({ status: 500, detail: 'Internal error. Reference: r1' });
}

const requestOf = (body: JsonObject, { mode = 'lenient', settings }: Setting): ScimWriteRequest => ({
  body,
  baseUrl: BASE_URL,
  query: new Map([...NO_PARAMETERS, ['attributes', ['userName']]]),
  ifMatch: 'W/"of-the-bulk-request"',
  ifNoneMatch: '*',
  context: {
    organizationId: 'o1',
    actor: { kind: 'connection', id: 'c1' },
    requestId: 'r1',
    sourceAddress: undefined,
    connection: {
      id: 'c1',
      organizationId: 'o1',
      name: 'IdP',
      settings: { ...DEFAULT_CONNECTION_SETTINGS, mode, ...settings },
      isEnabled: true,
      hasMappingRules: false,
      version: 1,
      createdAt: '2026-01-15T09:00:00.000Z',
    },
  },
});
