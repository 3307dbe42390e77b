import { describe, expect, it } from '@jest/globals';
import {
  countRequests,
  LogBuffer,
  MAX_WAITING,
} from '../../../../src/directory/provisioning-log/log-buffer.js';
import type { AnsweredRequest } from '../../../../src/directory/provisioning-log/log-entry.js';

const request = (more: Partial<AnsweredRequest> = {}): AnsweredRequest => ({
  organizationId: 'o',
  connectionId: 'c',
  requestId: 'r',
  client: 'unknown',
  operation: 'users.patch',
  method: 'PATCH',
  isRead: false,
  targetId: undefined,
  status: 200,
  failure: undefined,
  duration: 1,
  sourceAddress: undefined,
  ...more,
});

const refused = (code = 'invalidValue', renderRequest: () => string | undefined = () => undefined) =>
  request({ status: 400, failure: { code, detail: 'no', renderRequest } });

const fill = (buffer: LogBuffer, count: number, of: AnsweredRequest): void => {
  for (let added = 0; added < count; added += 1) buffer.add(of, 0);
};

describe('requests on their way into the log', () => {
  it('are listed singly up to a hundred that are alike, then counted at the last', () => {
    const buffer = new LogBuffer();
    fill(buffer, 99, refused());
    buffer.add({ ...refused(), requestId: 'last' }, 0);
    buffer.add({ ...refused(), duration: 7 }, 0);
    buffer.add({ ...refused(), duration: 5 }, 0);
    const { entries } = buffer.take();
    expect(entries).toHaveLength(100);
    expect(entries.slice(0, 99).every(({ count }) => count === 1)).toBe(true);
    expect(entries[99]).toMatchObject({ requestId: 'last', count: 3, duration: 7 });
  });

  it('are counted from the second on when they read and succeed, and not when they fail', () => {
    const buffer = new LogBuffer();
    fill(buffer, 3, request({ isRead: true, method: 'GET' }));
    fill(buffer, 3, { ...refused(), isRead: true });
    expect(buffer.take().entries.map(({ count }) => count)).toEqual([3, 1, 1, 1]);
  });

  it.each([
    ['connection', { connectionId: 'other' }],
    ['operation', { operation: 'groups.patch' }],
    ['status', { status: 204 }],
    ['client', { client: 'okta' as const }],
  ])('are not alike when the %s differs', (_what, more) => {
    const buffer = new LogBuffer();
    buffer.add(request({ isRead: true }), 0);
    buffer.add(request({ isRead: true, ...more }), 0);
    expect(buffer.size).toBe(2);
  });

  it('are not alike when the cause differs, nor before and after they were taken', () => {
    const buffer = new LogBuffer();
    fill(buffer, 101, refused('a'));
    buffer.add(refused('b'), 0);
    expect(buffer.size).toBe(101);
    buffer.take();
    buffer.add(refused('a'), 0);
    expect(buffer.take().entries).toMatchObject([{ count: 1 }]);
  });

  it('have their shape made only when they are listed', () => {
    const buffer = new LogBuffer();
    let rendered = 0;
    const render = (): string => `shape ${(rendered += 1)}`;
    fill(buffer, 150, refused('a', render));
    expect(rendered).toBe(100);
    expect(buffer.take().entries[0]?.failure).toEqual({ code: 'a', detail: 'no', request: 'shape 1' });
  });

  it('are lost beyond ten thousand, and counted', () => {
    const buffer = new LogBuffer();
    for (let user = 0; user < MAX_WAITING + 5; user += 1)
      buffer.add(request({ connectionId: `c-${user}` }), 0);
    const batch = buffer.take();
    expect(batch.entries).toHaveLength(MAX_WAITING);
    expect(batch.lost).toBe(5);
    expect(countRequests(batch)).toBe(MAX_WAITING + 5);
    expect(buffer.take()).toEqual({ entries: [], lost: 0 });
  });

  it('come back before those that came meanwhile, as far as there is room', () => {
    const buffer = new LogBuffer();
    buffer.add(request({ requestId: 'first' }), 0);
    const batch = buffer.take();
    buffer.add(request({ requestId: 'second' }), 0);
    buffer.putBack(batch);
    expect(buffer.take().entries.map(({ requestId }) => requestId)).toEqual(['first', 'second']);

    for (let user = 0; user < MAX_WAITING - 1; user += 1)
      buffer.add(request({ connectionId: `c-${user}` }), 0);
    buffer.putBack({ entries: [...batch.entries, ...batch.entries, ...batch.entries], lost: 4 });
    const full = buffer.take();
    expect(full.entries).toHaveLength(MAX_WAITING);
    expect(full.lost).toBe(6);
  });
});
