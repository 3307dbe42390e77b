import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The parts of the server that answer requests. */
export const SURFACES = [
  'scim',
  'api',
  'access',
  'forward_auth',
  'oauth',
  'setup',
  'sso',
  'docs',
  'web',
  'operations',
] as const;
export type Surface = (typeof SURFACES)[number];

/** Connections of the database pool, as it counts them. */
export interface PoolUsage {
  readonly total: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

/** Counts one answered request. */
export type RecordRequest = (status: number, seconds: number) => void;

export interface Metrics {
  /**
   * Makes the recorder of one route, once, when the route is registered. `operation` is a name that the code chose,
   * such as `users.get`: text of a client would let it fill the memory with time series.
   */
  requestRecorder(surface: Surface, operation: string): RecordRequest;
  /** Reads the pool each time metrics are collected. */
  observePool(usage: () => PoolUsage): void;
  /** The Prometheus text exposition format 0.0.4. */
  render(): Promise<string>;
  readonly contentType: string;
}

const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;
/** Seconds. A SCIM read takes about a millisecond, an IdP gives up after 30 to 60 seconds. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own, with the process's and Node's default metrics and ours, all named `rollcall_*` or as usual. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'rollcall_http_requests_total',
    help: 'Answered requests by surface, operation and class of status code',
    labelNames: ['surface', 'operation', 'status_class'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames: ['surface', 'operation'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  return {
    requestRecorder(surface, operation) {
      const duration = durations.labels({ surface, operation });
      const counters = STATUS_CLASSES.map((status_class) =>
        requests.labels({ surface, operation, status_class }),
      );
      return (status, seconds) => {
        counters[Math.floor(status / 100) - 1]?.inc();
        duration.observe(seconds);
      };
    },
    observePool(usage) {
      new Gauge({
        name: 'rollcall_database_pool_connections',
        help: 'Database connections by state; waiting counts requests without one',
        labelNames: ['state'],
        registers: [registry],
        collect() {
          for (const [state, count] of Object.entries(usage())) this.set({ state }, Number(count));
        },
      });
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
