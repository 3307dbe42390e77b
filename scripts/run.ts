// Builds what is not built, then becomes the server or the command line: one process, so a signal to it needs no forwarding.
import { pathToFileURL } from 'node:url';
import { buildDistribution, isDistributionStale, mainModule } from './distribution.js';

/** Milliseconds. */
const PARENT_CHECK_INTERVAL = 500;

process.env['NODE_ENV'] ??= 'production';

if (isDistributionStale()) {
  process.stderr.write('Building ...\n');
  if (!buildDistribution()) process.exit(1);
}
if (process.env['npm_lifecycle_event'] !== undefined) endWithParent();
process.argv[1] = mainModule;
await import(pathToFileURL(mainModule).href);

/**
 * npm runs a script in a shell, and passes a signal on to the shell only, which dies of it and leaves this process behind
 * with DATA_DIR and the port. So the loss of the parent counts as the signal.
 */
function endWithParent(): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_INTERVAL);
  watch.unref();
}
