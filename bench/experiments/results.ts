/** Medians over the rounds for one server in one cell. */
export interface ServerFigures {
  /** Requests, or users in the initial sync. */
  readonly perSecond: number;
  /** Milliseconds per request. */
  readonly p50: number;
  readonly p99: number;
  /** CPU milliseconds of the server process per request; undefined where it cannot be read. */
  readonly cpuMs: number | undefined;
  /** Resident memory after the last round. */
  readonly residentBytes: number | undefined;
}

export interface ThroughputResult {
  readonly kind: 'throughput';
  readonly cell: string;
  readonly title: string;
  readonly product: ServerFigures;
  readonly reference: ServerFigures;
  /** Product over reference, one per round. */
  readonly ratios: readonly number[];
  readonly ratio: number;
  /** Smallest ratio that passes. */
  readonly ratioTarget: number | undefined;
  /** Largest p99 over p50 of the product that passes. */
  readonly tailTarget: number | undefined;
  readonly cpuRatio: number | undefined;
  /** Largest CPU ratio that passes. */
  readonly cpuTarget: number | undefined;
}

/** One size or depth of a scaling experiment; latencies in milliseconds. */
export interface ScalingRow {
  readonly title: string;
  readonly size: number;
  readonly product: { readonly p50: number; readonly p99: number };
  readonly reference: { readonly p50: number; readonly p99: number };
  /** The product's median over its own median at the smallest size. */
  readonly growth: number;
  /** Largest growth that passes. */
  readonly growthTarget: number | undefined;
}

export interface ScalingResult {
  readonly kind: 'scaling';
  readonly cell: string;
  readonly rows: readonly ScalingRow[];
}

export interface MemoryResult {
  readonly kind: 'memory';
  readonly cell: string;
  readonly title: string;
  readonly server: string;
  readonly beforeBytes: number;
  readonly peakBytes: number;
  /** Of the sample farthest from `beforeBytes`. */
  readonly deltaBytes: number;
  /** Largest distance in either direction that passes. */
  readonly deltaTarget: number;
}

/** How long something takes to be felt, in milliseconds. */
export interface DelayResult {
  readonly kind: 'delay';
  readonly cell: string;
  readonly title: string;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly largest: number;
  /** How many of them were not felt by the very next request. */
  readonly late: number;
  /** Largest p99 that passes. */
  readonly target: number;
}

export interface FailedResult {
  readonly kind: 'failed';
  readonly cell: string;
  readonly reason: string;
}

export type Result = ThroughputResult | ScalingResult | MemoryResult | DelayResult | FailedResult;
