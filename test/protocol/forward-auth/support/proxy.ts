import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { listen } from '../../../../src/http/index.js';

/** A proxy in front of Rollcall and an application. */
export interface Proxy {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  stop(): Promise<void>;
}

export interface ProxyOptions {
  /** Of Rollcall. */
  readonly baseUrl: string;
  readonly applicationPort: number;
  /** The query of /auth/verify. */
  readonly requirement?: string;
}

/** A port of the loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = await listen((_request, response) => response.end(), { host: '127.0.0.1', port: 0 });
  await server.close();
  return server.port;
}

/** Whether something listens there. */
const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });

/** @throws Error when the process ends before it listens */
export async function untilListening(child: ChildProcess, port: number): Promise<void> {
  while (!(await accepts(port)))
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} has not started`);
}
