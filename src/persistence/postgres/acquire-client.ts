import type pg from 'pg';

/**
 * A connection of the pool. Only who has to wait gets a timer; the pool's own setting would give everybody one.
 * @param timeout - milliseconds to wait for one that is in use
 */
export function acquireClient(pool: pg.Pool, timeout: number): Promise<pg.PoolClient> {
  const isFree = pool.idleCount > pool.waitingCount || pool.totalCount < pool.options.max;
  const pending = pool.connect();
  return isFree ? pending : withDeadline(pending, timeout);
}

function withDeadline(pending: Promise<pg.PoolClient>, timeout: number): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new Error('no database connection became free in time'));
    }, timeout);
    pending.then(
      (client) => {
        clearTimeout(timer);
        if (isLate) client.release();
        else resolve(client);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
