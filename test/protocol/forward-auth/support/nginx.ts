import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopChild } from './child.js';
import { freePort, untilListening, type Proxy, type ProxyOptions } from './proxy.js';

const NGINX = process.env['NGINX_PATH'] ?? '/usr/sbin/nginx';
const CONFIGURATION = join(import.meta.dirname, '../../../../docs/integrate/nginx.conf');

export const hasNginx = existsSync(NGINX);

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
  await untilListening(nginx, port);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await stopChild(nginx);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
