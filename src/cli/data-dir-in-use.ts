import type { DataDirInUse } from '../persistence/index.js';

/** First sentence of every message about a DATA_DIR that another process holds. */
export function describeHolder(dataDir: string, { holder }: DataDirInUse): string {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} since ${holder.since}`;
  return `The embedded database in ${dataDir} is in use by ${who}.`;
}

/** For a second server. */
export const describeSecondServer = (dataDir: string, inUse: DataDirInUse): string =>
  `${describeHolder(dataDir, inUse)}
Only one process can use it. Stop the other one, or give this one a DATA_DIR of its own.
To run several servers on the same data, let them share a Postgres by DATABASE_URL.
`;
