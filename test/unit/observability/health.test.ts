import { afterEach, describe, expect, it } from '@jest/globals';
import { listen, type RunningServer } from '../../../src/http/server.js';
import {
  answerHealthz,
  createMetricsListener,
  createReadyz,
  type Readiness,
} from '../../../src/observability/health.js';
import { createMetrics } from '../../../src/observability/metrics.js';

let server: RunningServer | undefined;
afterEach(() => server?.close(0));

async function serve(listener: Parameters<typeof listen>[0]): Promise<string> {
  server = await listen(listener, { host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${server.port}`;
}

async function probeReadyz(readiness: Readiness): Promise<Response> {
  const answer = createReadyz(readiness);
  return fetch(await serve((_, response) => void answer(response)));
}

describe('/healthz', () => {
  it('is 200 as long as the process answers', async () => {
    const response = await fetch(await serve((_, answer) => answerHealthz(answer)));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    await expect(response.text()).resolves.toBe('ok\n');
  });
});

describe('/readyz', () => {
  it('is 200 when the database answers', async () => {
    const response = await probeReadyz({ ping: () => Promise.resolve() });
    expect(response.status).toBe(200);
  });

  it('is 503 with Retry-After when it does not, and says nothing of why', async () => {
    const response = await probeReadyz({
      ping: () => Promise.reject(new Error('password wrong for rollcall')),
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    await expect(response.text()).resolves.toBe('database unavailable\n');
  });

  it('is 503 when the database hangs', async () => {
    const response = await probeReadyz({ ping: () => new Promise(() => undefined) });
    expect(response.status).toBe(503);
  });

  it('is 503 while the process is closing', async () => {
    const response = await probeReadyz({ ping: () => Promise.resolve(), isClosing: () => true });
    expect(response.status).toBe(503);
  });

  it('asks the database once for probes that arrive together, and again afterwards', async () => {
    let pings = 0;
    const answer = createReadyz({
      ping: async () => {
        pings += 1;
        await new Promise((resolve) => setTimeout(resolve, 300));
      },
    });
    const url = await serve((_, response) => void answer(response));
    await Promise.all(Array.from({ length: 10 }, () => fetch(url)));
    expect(pings).toBe(1);
    await fetch(url);
    expect(pings).toBe(2);
  });
});

describe('the server behind METRICS_PORT', () => {
  it('serves /metrics in the Prometheus text format, and nothing else', async () => {
    const url = await serve(createMetricsListener(createMetrics()));
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    await expect(metrics.text()).resolves.toContain('# TYPE process_cpu_seconds_total counter');
    expect((await fetch(`${url}/scim/v2/Users`)).status).toBe(404);
  });
});
