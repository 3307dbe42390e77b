import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../../../../src/http/index.js';
import { stopChild } from './child.js';

const NGINX = process.env['NGINX_PATH'] ?? '/usr/sbin/nginx';
const CONFIGURATION = join(import.meta.dirname, '../../../../docs/integrate/nginx.conf');

export const hasNginx = existsSync(NGINX);

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

async function freePort(): Promise<number> {
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

/** Starts nginx with the configuration of the guide, whose addresses are replaced by those of the test. */
export async function startNginx({
  baseUrl,
  applicationPort,
  requirement = '',
}: ProxyOptions): Promise<Proxy> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-nginx-'));
  const port = await freePort();
  const text = readFileSync(CONFIGURATION, 'utf8')
    .replace('127.0.0.1:8080', new URL(baseUrl).host)
    .replace('127.0.0.1:3000', `127.0.0.1:${applicationPort}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${port}`)
    .replace('set $requirement "";', () => `set $requirement "${requirement}";`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(directory, name)};`)
    .join('\n');
  const file = join(directory, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${join(directory, 'pid')}; error_log stderr crit;
events {} http { access_log off; ${temporary}\n${text}\n}`,
  );
  const nginx = spawn(NGINX, ['-p', directory, '-c', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  while (!(await accepts(port))) if (nginx.exitCode !== null) throw new Error('nginx has not started');
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await stopChild(nginx);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
