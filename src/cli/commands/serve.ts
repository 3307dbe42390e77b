import { loadConfig } from '../../config/index.js';
import { createLogger } from '../../observability/index.js';
import { defineProcessCommand } from '../command.js';
import { describeSecondServer } from '../data-dir-in-use.js';
import { EXIT } from '../exit-code.js';
import { reportConfigProblems } from '../report-config-problems.js';
import { chooseAddress } from '../serve/choose-address.js';
import { startServer } from '../serve/start-server.js';
import { waitForSignal } from '../serve/wait-for-signal.js';

export const serve = defineProcessCommand({
  name: 'serve',
  summary: 'run the server until SIGTERM or SIGINT',
  options: {},
  async run(_values, { terminal, env, composition, installation }) {
    const loaded = loadConfig(env);
    if (!loaded.ok) return reportConfigProblems(loaded.error, terminal);
    const config = await chooseAddress(loaded.value);
    const logger = createLogger(config.logLevel);
    // From the first moment, so that a signal during a slow start is not lost.
    const signal = waitForSignal();
    const opened = await composition.openDatabase(config, logger);
    if (!opened.ok) {
      terminal.err(describeSecondServer(config.dataDir, opened.error));
      return EXIT.failure;
    }
    const { connection } = opened.value;
    try {
      const server = await startServer({ config, logger, connection, composition, installation, terminal });
      logger.info({ signal: await signal }, 'closing');
      await server.close();
    } finally {
      await opened.value.release();
    }
    logger.info('closed');
    return EXIT.ok;
  },
});
