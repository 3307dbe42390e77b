import type { ConnectionContext } from '../directory/request-context.js';
import type { JsonObject } from '../kernel/json.js';
import type { ScimProblem } from './problem.js';
import type { PatchWork } from './patch/index.js';

/** One authenticated SCIM request in the terms of the protocol, from HTTP or from inside a Bulk request. */
export interface ScimRequest {
  readonly context: ConnectionContext;
  /** `PUBLIC_URL/scim/v2`: every location and reference starts with it. */
  readonly baseUrl: string;
  /** Query parameters, names in lower case. */
  readonly query: QueryParameters;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** Inside a Bulk request: what all its PATCHes may do together. */
  readonly patchWork?: PatchWork;
}

/** Query parameters by lower-case name; a repeated parameter keeps every value, in order. */
export type QueryParameters = ReadonlyMap<string, readonly string[]>;

export const NO_PARAMETERS: QueryParameters = new Map();

/** A request that carries a resource or message. */
export interface ScimWriteRequest extends ScimRequest {
  readonly body: JsonObject;
}

/** An answer: JSON text, whole or in pieces, or nothing. */
export interface ScimReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<string>;
  /** Of a Bulk request that was answered 200, what of it was refused all the same. */
  readonly failedOperations?: FailedOperations;
}

export interface FailedOperations {
  readonly count: number;
  /** Operations in all. */
  readonly of: number;
  readonly first: ScimProblem;
}

/** The last value of a parameter; a client that repeats it means its last word. */
export const parameter = (query: QueryParameters, name: string): string | undefined =>
  query.get(name)?.at(-1);
