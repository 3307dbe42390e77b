import { createApp, createServices } from './app.js';
import { runCli } from './cli/run-cli.js';
import { systemClock } from './kernel/clock.js';
import { openDatabase } from './open-database.js';

process.exitCode = await runCli(process.argv.slice(2), process.env, {
  openDatabase,
  createServices: (database, config) => createServices(database, systemClock, config),
  createApp: (config, parts) => createApp(config, { ...parts, clock: systemClock }),
});
