import { listen } from '../../http/index.js';
import type { Config } from '../../config/index.js';

/**
 * Turns PORT=0 into a port that is free now, because the server's own address, which every resource carries, has to be
 * known before it listens.
 */
export async function chooseAddress(config: Config): Promise<Config> {
  const { host, port, publicUrl } = config.http;
  if (port !== 0) return config;
  const probe = await listen(() => undefined, { host, port });
  await probe.close(0);
  const isDerived = publicUrl.endsWith(':0');
  const url = isDerived ? `${publicUrl.slice(0, -1)}${probe.port}` : publicUrl;
  return { ...config, http: { ...config.http, port: probe.port, publicUrl: url } };
}
