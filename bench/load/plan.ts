/**
 * Stands in a path or body for the number of the scenario, written as ten digits. It has ten characters itself,
 * so that a request keeps its length.
 */
export const SEQUENCE = '@SEQUENCE@';

/** An interface of a server: where it begins, what it speaks and who is let in. */
export interface Surface {
  /** Such as `/scim/v2`. */
  readonly basePath: string;
  readonly mediaType: string;
  /** Sent as bearer token. */
  readonly token: string;
}

export const scimSurface = (token: string): Surface => ({
  basePath: '/scim/v2',
  mediaType: 'application/scim+json',
  token,
});

export interface PlannedRequest {
  readonly method: string;
  /** Below the base path of the surface. */
  readonly path: string;
  readonly body?: string;
  readonly expect: number;
}

/** Requests that one connection sends one after the other. */
export type Scenario = readonly PlannedRequest[];

/** What the load process does in one go. It crosses a process boundary, so it is plain data. */
export interface Plan {
  readonly port: number;
  readonly surface: Surface;
  /** Connections that send at the same time; each has at most one request under way. */
  readonly connections: number;
  /** Taken in turn: the scenario of number n is `scenarios[n % scenarios.length]`. */
  readonly scenarios: readonly Scenario[];
  /** Number of the first scenario; goes on from run to run where a repetition would not be a change. */
  readonly startAt: number;
  readonly stopAfter: { readonly seconds: number } | { readonly scenarios: number };
  /** Keeps the Location headers, in the order of the scenario numbers. */
  readonly keepLocations: boolean;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface PlanResult {
  readonly requests: number;
  readonly scenarios: number;
  /** From the first request to the last answer. */
  readonly elapsedSeconds: number;
  readonly latency: Latency;
  /** By position in the scenario. */
  readonly steps: readonly Latency[];
  readonly locations: readonly string[];
  /** The first request that was not answered as expected, if any. */
  readonly failure: string | undefined;
  readonly failures: number;
}

/** What the load process sends back for a plan. */
export type PlanReply = { readonly result: PlanResult } | { readonly error: string };
