import type { ScimReply, ScimRequest, ScimWriteRequest } from './exchange.js';

export type ScimMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface RouteBase {
  /** Express path below `/scim`. */
  readonly path: string;
  readonly method: ScimMethod;
  /** Name in metrics; chosen here, never by a client. */
  readonly operation: string;
}

/** A route that takes no body. */
export interface ReadRoute extends RouteBase {
  readonly kind: 'read';
  readonly answer: (request: ScimRequest, id: string) => Promise<ScimReply>;
}

/** A route whose JSON body is read first. */
export interface WriteRoute extends RouteBase {
  readonly kind: 'write';
  readonly answer: (request: ScimWriteRequest, id: string) => Promise<ScimReply>;
}

export type ScimRoute = ReadRoute | WriteRoute;

export const readRoute = (
  method: ScimMethod,
  path: string,
  operation: string,
  answer: ReadRoute['answer'],
): ReadRoute => ({ kind: 'read', method, path, operation, answer });

export const writeRoute = (
  method: ScimMethod,
  path: string,
  operation: string,
  answer: WriteRoute['answer'],
): WriteRoute => ({ kind: 'write', method, path, operation, answer });
