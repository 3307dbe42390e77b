// Builds what is not built, then becomes the server or the command line: one process, so signals need no forwarding.
import { pathToFileURL } from 'node:url';
import { buildDistribution, isDistributionStale, mainModule } from './distribution.js';

process.env['NODE_ENV'] ??= 'production';

if (isDistributionStale()) {
  process.stderr.write('Building ...\n');
  if (!buildDistribution()) process.exit(1);
}
process.argv[1] = mainModule;
await import(pathToFileURL(mainModule).href);
