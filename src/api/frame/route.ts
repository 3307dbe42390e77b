import type { z } from 'zod';
import type { PrincipalContext } from '../../directory/principals/index.js';
import type { KeysetPosition, Page } from '../../directory/query.js';
import type { Versioned } from '../../http/index.js';
import type { ErrorCode } from '../../kernel/error-codes.js';
import type { OrganizationPermission } from '../../permissions/index.js';
import type { ApiServices } from '../api-services.js';
import type { ApiTag } from '../openapi/tags.js';

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A permission that depends on more than the organization role: on a team, a project, an account. */
export interface CheckedPermission<Params> {
  /** What the caller needs, in the words of the documentation: the end of the sentence "Needs …". */
  readonly needs: string;
  /** @throws DomainError when the caller may not; a stranger's id is not_found */
  check(services: ApiServices, context: PrincipalContext, params: Params): Promise<void>;
}

/** Who may call a route. `self`: any account, about what is its own or what the service decides for it to see. */
export type RoutePermission<Params> = 'self' | OrganizationPermission | CheckedPermission<Params>;

/** How a list is ordered. A `-` in front of a key turns the order around. */
export interface ListDeclaration<SortKey extends string> {
  readonly sort: readonly [SortKey, ...SortKey[]];
  /** The order unless another is asked for; by the first key when absent. */
  readonly defaultOrder?: SortKey | `-${SortKey}`;
}

/** Which part of a list is asked for. */
export interface PageRequest<SortKey extends string> {
  readonly limit: number;
  readonly after: KeysetPosition | undefined;
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
  /** The answer for a page of the store. */
  reply<Item>(page: Page<Item>, toWire: (item: Item) => unknown): ApiReply;
}

/** One authenticated, permitted, validated request. */
export interface ApiRequest<Params, Query, Body, SortKey extends string = string> {
  readonly context: PrincipalContext;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly page: PageRequest<SortKey>;
  /** From If-Match, on routes that are versioned; undefined without a condition. */
  readonly expectedVersion: number | undefined;
  /** Absolute, without a slash at the end. */
  readonly publicUrl: string;
}

/** An answer. JSON of `body`, or pieces of text, or nothing. */
export interface ApiReply {
  readonly status: number;
  readonly body?: unknown;
  readonly stream?: { readonly contentType: string; readonly pieces: AsyncIterable<string> };
  /** Becomes the ETag. */
  readonly version?: Versioned;
  /** Address below PUBLIC_URL of what was made. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that a route may give. */
export interface AnswerDeclaration {
  readonly description: string;
  /** What `body` is; absent for an answer without one. */
  readonly schema?: z.ZodType;
  /** Media type of a streamed answer; `schema` then describes its text. */
  readonly contentType?: string;
  readonly example?: unknown;
}

export interface BodyExample {
  readonly summary: string;
  readonly value: unknown;
}

/** Everything there is to say about a route: its address, who may call it, what it takes and answers, and what it does. */
export interface RouteDeclaration<Params, Query, Body, SortKey extends string> {
  readonly method: ApiMethod;
  /** As OpenAPI writes it: `/api/v1/users/{userId}`. */
  readonly path: `/api/v1/${string}`;
  /** `users.list`; also its name in metrics. */
  readonly operationId: string;
  readonly tag: ApiTag;
  readonly summary: string;
  readonly description?: string;
  readonly permission: RoutePermission<NoInfer<Params>>;
  /** An address that does not fit is 404. */
  readonly params?: z.ZodType<Params>;
  /** A strict object; parameters that it does not have are 400. */
  readonly query?: z.ZodType<Query>;
  readonly list?: ListDeclaration<SortKey>;
  /** A strict object. A request without a body is read as `{}`. */
  readonly body?: z.ZodType<Body>;
  readonly bodyExamples?: Readonly<Record<string, BodyExample>>;
  /** Answers carry an ETag. Writes take If-Match, for the version of the last id in the path. */
  readonly isVersioned?: boolean;
  readonly answers: Readonly<Record<number, AnswerDeclaration>>;
  /** Codes that the service behind it throws; those of the frame are known. */
  readonly problems?: readonly ErrorCode[];
  handle(services: ApiServices, request: ApiRequest<Params, Query, Body, SortKey>): Promise<ApiReply>;
}

/** A route with its types put away. */
export type Route = RouteDeclaration<unknown, unknown, unknown, string>;

/** Declares a route. What it takes is typed by its schemas; without a permission it cannot be declared. */
export const defineRoute = <
  Params = undefined,
  Query = undefined,
  Body = undefined,
  SortKey extends string = never,
>(
  declaration: RouteDeclaration<Params, Query, Body, SortKey>,
): Route => declaration;

export const ok = (body: unknown, version?: Versioned): ApiReply => ({
  status: 200,
  body,
  ...(version ? { version } : {}),
});

/** @param location - address of the new resource below PUBLIC_URL, such as `/api/v1/teams/…` */
export const created = (body: unknown, location: string, version?: Versioned): ApiReply => ({
  status: 201,
  body,
  location,
  ...(version ? { version } : {}),
});

export const noContent: ApiReply = { status: 204 };
