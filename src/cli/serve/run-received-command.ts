import type { DatabaseContext } from '../command.js';
import { databaseCommands } from '../commands/database-commands.js';
import { CommandFailure, reportFailure } from '../failure.js';
import type { RunCommand } from '../local-control/control-server.js';

/** Runs, in the server, what a second process was asked to do. */
export function createCommandRunner(
  server: Pick<DatabaseContext, 'config' | 'connection' | 'services'>,
): RunCommand {
  const { host, port } = server.config.http;
  const serverUrl = `http://${toUrlHost(host)}:${port}`;
  return async ({ command: name, args, input }, output) => {
    try {
      const command = databaseCommands.find((candidate) => candidate.name === name);
      if (command === undefined) throw new CommandFailure(`The running server does not know "${name}".`);
      return await command.execute(args, { ...server, output, input, serverUrl });
    } catch (error) {
      return reportFailure(error, output);
    }
  };
}

/** Where a process of the same machine reaches it. */
function toUrlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
