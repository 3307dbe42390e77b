import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where Rollcall is reached from here, without a slash at the end. */
  readonly rollcallUrl: string;
  /** Of a service account, with the scope `access`. */
  readonly apiKey: string;
  /** The addresses of the proxy: what others say in headers about who they are is not read. */
  readonly proxies: BlockList;
}

/** Reads the environment. @throws Error naming the variable that cannot be used */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = Number(env['PORT'] ?? '3001');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be a port number');
  const rollcallUrl = (env['ROLLCALL_URL'] ?? 'http://127.0.0.1:3000').replace(/\/+$/, '');
  if (!URL.canParse(rollcallUrl)) throw new Error('ROLLCALL_URL must be an address');
  return {
    // Nobody but the proxy should reach this process; on another host than the proxy's, a firewall has to see to it.
    host: env['HOST'] ?? '127.0.0.1',
    port,
    rollcallUrl,
    apiKey: readApiKey(env),
    proxies: readProxies(env['TRUSTED_PROXIES'] ?? '127.0.0.1,::1'),
  };
}

function readApiKey(env: NodeJS.ProcessEnv): string {
  const file = env['ROLLCALL_API_KEY_FILE'];
  const key = (file === undefined ? env['ROLLCALL_API_KEY'] : readFileSync(file, 'utf8'))?.trim();
  if (key === undefined || key === '') throw new Error('ROLLCALL_API_KEY or ROLLCALL_API_KEY_FILE is needed');
  return key;
}

function readProxies(list: string): BlockList {
  const proxies = new BlockList();
  for (const address of list.split(',').map((part) => part.trim())) {
    const version = isIP(address);
    if (version === 0) throw new Error(`TRUSTED_PROXIES: "${address}" is no IP address`);
    proxies.addAddress(address, version === 4 ? 'ipv4' : 'ipv6');
  }
  return proxies;
}
