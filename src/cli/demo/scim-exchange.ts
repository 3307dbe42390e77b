import { Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../../kernel/json.js';
import { CommandFailure } from '../failure.js';
import type { Recorder } from './recorder.js';

export interface ScimRequest {
  /** For the report, such as `create user`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After the base URL, with its query encoded as the client encodes it. */
  readonly path: string;
  readonly body?: JsonObject;
  /** Status codes the client can work with. */
  readonly expected: readonly number[];
}

export interface ScimAnswer {
  readonly isExpected: boolean;
  readonly status: number;
  /** The parsed body, or an empty object when there is none. */
  readonly body: JsonObject;
}

export interface ScimTarget {
  /** SCIM base URL, without a slash at the end. */
  readonly baseUrl: string;
  readonly token: string;
  /** What the client sends besides Authorization. */
  readonly headers: { readonly always: OutgoingHttpHeaders; readonly withBody: OutgoingHttpHeaders };
  readonly recorder: Recorder;
}

interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

const MAX_TRIES = 10;

/**
 * Sends requests with the exact headers of a client (fetch adds its own), measures them, and waits as told by 429
 * (Okta and Entra honour whole seconds in Retry-After).
 */
export class ScimExchange {
  readonly #target: ScimTarget;
  readonly #agent: HttpAgent;
  readonly #open: typeof httpRequest;

  constructor(target: ScimTarget) {
    this.#target = target;
    const isHttps = target.baseUrl.startsWith('https:');
    this.#agent = new (isHttps ? HttpsAgent : HttpAgent)({ keepAlive: true });
    this.#open = isHttps ? httpsRequest : httpRequest;
  }

  async send(request: ScimRequest): Promise<ScimAnswer> {
    for (let tries = 1; ; tries += 1) {
      const startedAt = performance.now();
      const answer = await this.#exchange(request);
      const milliseconds = performance.now() - startedAt;
      const { status } = answer;
      const isRetry = status === 429 && /^\d{1,4}$/.test(answer.retryAfter ?? '') && tries < MAX_TRIES;
      const isExpected = request.expected.includes(status);
      const { operation } = request;
      this.#target.recorder.record({ operation, status, milliseconds, isExpected: isExpected || isRetry });
      if (!isRetry) return this.#conclude(request, answer, isExpected);
      await setTimeout(Number(answer.retryAfter) * 1_000);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #conclude(
    { method, path }: ScimRequest,
    { status, text: body }: RawAnswer,
    isExpected: boolean,
  ): ScimAnswer {
    const parsed = parseObject(body);
    if (!isExpected) {
      const detail = typeof parsed['detail'] === 'string' ? parsed['detail'] : body.slice(0, 200);
      this.#target.recorder.addProblem(`${method} ${path}: ${status} ${detail}`);
    }
    return { isExpected, status, body: parsed };
  }

  async #exchange({ method, path, body }: ScimRequest): Promise<RawAnswer> {
    const { baseUrl, token, headers } = this.#target;
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const request = this.#open(
        baseUrl + path,
        {
          method,
          agent: this.#agent,
          headers: {
            Authorization: `Bearer ${token}`,
            ...headers.always,
            ...(payload === undefined ? {} : { ...headers.withBody, 'Content-Length': payload.length }),
          },
        },
        (response) => {
          text(response).then(
            (answer) =>
              resolve({
                status: response.statusCode ?? 0,
                retryAfter: response.headers['retry-after'],
                text: answer,
              }),
            reject,
          );
        },
      );
      request.once('error', (error) => reject(unreachable(baseUrl, error)));
      request.end(payload);
    });
  }
}

const unreachable = (baseUrl: string, error: Error): CommandFailure =>
  new CommandFailure(
    `No server answers at ${baseUrl} (${error.message || String(error)}). Start it with: npm start`,
  );

function parseObject(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
