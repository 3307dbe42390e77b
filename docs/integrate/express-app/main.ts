/** An application behind Rollcall: see README.md in this folder. */
import { Access } from './access.ts';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { Runs } from './runs.ts';

const config = readConfig(process.env);
const app = createApp({ access: new Access(config), runs: new Runs(), proxies: config.proxies });
const server = app.listen(config.port, config.host, () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  process.stdout.write(`listening on http://${config.host}:${port}/app/\n`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
