import { describe, expect, it, jest } from '@jest/globals';
import { ConcurrencyLimiter } from '../../../src/http/index.js';

const LIMITS = { perKey: 2, inAll: 3, queued: 4, patience: 10_000 };

/** Works that end when they are told to, and the order in which they began. */
class Bench {
  readonly limiter = new ConcurrencyLimiter(LIMITS);
  readonly started: string[] = [];
  readonly #ends = new Map<string, () => void>();

  begin(key: string, name: string): Promise<string> {
    return this.limiter.run(key, async () => {
      this.started.push(name);
      await new Promise<void>((resolve) => this.#ends.set(name, resolve));
      return name;
    });
  }

  /** Ends all that has begun and all that begins then. */
  async endAll(): Promise<void> {
    await settled();
    // The list grows meanwhile.
    for (const name of this.started) await this.end(name);
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await settled();
  }
}

/** Everything that only waits for a promise has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const tooMany = { code: 'request.too_many_at_once', retryAfterSeconds: 5 };

describe('the concurrency limiter', () => {
  it('lets one key do so much at a time, and the rest in its order', async () => {
    const bench = new Bench();
    const works = ['a1', 'a2', 'a3', 'a4'].map((name) => bench.begin('a', name));
    await settled();
    expect(bench.started).toEqual(['a1', 'a2']);
    await bench.end('a2');
    await bench.end('a1');
    expect(bench.started).toEqual(['a1', 'a2', 'a3', 'a4']);
    await bench.end('a3');
    await bench.end('a4');
    expect(await Promise.all(works)).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('keeps room for other keys, and gives them turns', async () => {
    const bench = new Bench();
    for (const name of ['a1', 'a2', 'a3', 'a4']) void bench.begin('a', name);
    for (const name of ['b1', 'b2']) void bench.begin('b', name);
    void bench.begin('c', 'c1');
    await settled();
    expect(bench.started).toEqual(['a1', 'a2', 'b1']);
    for (const name of ['a1', 'a2', 'b1', 'b2', 'c1', 'a3']) await bench.end(name);
    expect(bench.started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'c1', 'a4']);
    await bench.endAll();
  });

  it('refuses what finds the queue full, and only of that key', async () => {
    const bench = new Bench();
    for (let work = 0; work < LIMITS.perKey + LIMITS.queued; work += 1) void bench.begin('a', `a${work}`);
    await expect(bench.begin('a', 'one more')).rejects.toMatchObject(tooMany);
    void bench.begin('b', 'b1');
    await settled();
    expect(bench.started).toContain('b1');
    await bench.endAll();
    expect(bench.started).toHaveLength(LIMITS.perKey + LIMITS.queued + 1);
  });

  it('refuses what has waited too long, and goes on with the next', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      const bench = new Bench();
      for (const name of ['a1', 'a2']) void bench.begin('a', name);
      const late = expect(bench.begin('a', 'late')).rejects.toMatchObject(tooMany);
      jest.advanceTimersByTime(LIMITS.patience / 2);
      void bench.begin('a', 'a3');
      jest.advanceTimersByTime(LIMITS.patience / 2);
      await late;
      await bench.end('a1');
      expect(bench.started).toEqual(['a1', 'a2', 'a3']);
      await bench.end('a2');
      await bench.end('a3');
      jest.advanceTimersByTime(2 * LIMITS.patience);
    } finally {
      jest.useRealTimers();
    }
  });

  it('gives the place free when a work fails', async () => {
    const limiter = new ConcurrencyLimiter({ ...LIMITS, perKey: 1 });
    const failing = limiter.run('a', () => Promise.reject(new Error('no')));
    const next = limiter.run('a', () => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});
