import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../src/observability/metrics.js';

describe('metrics', () => {
  it('count requests by surface, operation and class of status, and time them', async () => {
    const metrics = createMetrics();
    const record = metrics.requestRecorder('scim', 'users.get');
    record(200, 0.002);
    record(204, 0.02);
    record(404, 0.002);
    const text = await metrics.render();
    const labels = 'surface="scim",operation="users.get"';
    expect(text).toContain(`rollcall_http_requests_total{${labels},status_class="2xx"} 2`);
    expect(text).toContain(`rollcall_http_requests_total{${labels},status_class="4xx"} 1`);
    expect(text).toContain(`rollcall_http_request_duration_seconds_bucket{le="0.0025",${labels}} 2`);
    expect(text).toContain(`rollcall_http_request_duration_seconds_count{${labels}} 3`);
  });

  it('ignore a status that is none', () => {
    const record = createMetrics().requestRecorder('scim', 'users.get');
    expect(() => {
      record(0, 0);
      record(999, 0);
    }).not.toThrow();
  });

  it('read the pool when they are collected', async () => {
    const metrics = createMetrics();
    let waiting = 1;
    metrics.observePool(() => ({ total: 10, idle: 3, waiting }));
    await expect(metrics.render()).resolves.toContain(
      'rollcall_database_pool_connections{state="waiting"} 1',
    );
    waiting = 7;
    await expect(metrics.render()).resolves.toContain(
      'rollcall_database_pool_connections{state="waiting"} 7',
    );
  });

  it('include those of the process, and belong to one instance each', async () => {
    const text = await createMetrics().render();
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toContain('users.get');
  });
});
