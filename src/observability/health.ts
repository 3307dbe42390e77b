import type { RequestListener, ServerResponse } from 'node:http';
import type { Metrics } from './metrics.js';

export interface Readiness {
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** True while the process ends, so that load balancers send nobody any more. */
  isClosing?(): boolean;
}

/** Milliseconds within which the database has to answer; probes commonly give up after a few seconds. */
const PING_TIMEOUT = 2_000;
/** Seconds; what a client of a server that is not ready is told. */
const RETRY_AFTER = '5';

/** GET /healthz: 200 as long as the process answers at all. An orchestrator restarts it when it does not. */
export function answerHealthz(response: ServerResponse): void {
  answerText(response, 200, 'ok\n');
}

/**
 * Makes the answer to GET /readyz: 200 when the database answers, 503 when it does not or the process is closing.
 * Probes that arrive together share one ping, because nobody has to sign in to send them.
 */
export function createReadyz(readiness: Readiness): (response: ServerResponse) => Promise<void> {
  let check: Promise<boolean> | undefined;
  return async (response) => {
    if (readiness.isClosing?.() === true) {
      answerNotReady(response, 'closing\n');
      return;
    }
    check ??= answersInTime(readiness).finally(() => {
      check = undefined;
    });
    if (await check) answerText(response, 200, 'ready\n');
    else answerNotReady(response, 'database unavailable\n');
  };
}

/** GET /metrics in the Prometheus text format. */
export async function answerMetrics(metrics: Metrics, response: ServerResponse): Promise<void> {
  const text = await metrics.render();
  response.statusCode = 200;
  response.setHeader('Content-Type', metrics.contentType);
  response.end(text);
}

/** The whole server behind METRICS_PORT: /metrics, and 404 for everything else. */
export function createMetricsListener(metrics: Metrics): RequestListener {
  return (request, response) => {
    if (request.url !== '/metrics') {
      answerText(response, 404, 'not found\n');
      return;
    }
    answerMetrics(metrics, response).catch(() => {
      answerText(response, 500, 'metrics unavailable\n');
    });
  };
}

async function answersInTime(readiness: Readiness): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PING_TIMEOUT, false);
  });
  const answered = readiness.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => {
    clearTimeout(timer);
  });
}

function answerNotReady(response: ServerResponse, text: string): void {
  response.setHeader('Retry-After', RETRY_AFTER);
  answerText(response, 503, text);
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(text);
}
