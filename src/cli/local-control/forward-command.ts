import { request as openRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Output } from '../terminal.js';
import { COMMANDS_PATH, parseCommandMessage, type CommandRequest } from './messages.js';
import { findSocketPath } from './socket-path.js';

/**
 * Has a command done by the server that holds `dataDir`, and repeats on `output` what it says.
 * @returns the exit code, or why the server could not be asked
 */
export async function forwardCommand(
  dataDir: string,
  command: CommandRequest,
  output: Output,
): Promise<Result<number, string>> {
  const path = findSocketPath(dataDir);
  if (!path.ok) return path;
  try {
    const response = await post(path.value, JSON.stringify(command));
    if (response.statusCode !== 200) {
      response.resume();
      return err('it does not understand this command; is it of another release?');
    }
    return await repeat(response, output);
  } catch (error) {
    return err(describeConnectError(error));
  }
}

function post(socketPath: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    openRequest({ socketPath, path: COMMANDS_PATH, method: 'POST', headers })
      .once('response', resolve)
      .once('error', reject)
      .end(body);
  });
}

async function repeat(response: IncomingMessage, output: Output): Promise<Result<number, string>> {
  for await (const line of createInterface({ input: response })) {
    const message = parseCommandMessage(line);
    if (message === undefined) continue;
    if ('exitCode' in message) return ok(message.exitCode);
    if ('out' in message) output.out(message.out);
    else output.err(message.err);
  }
  return err('it ended before the command did');
}

function describeConnectError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') return 'only the user it runs as may give it commands';
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return 'it takes no commands; it may be starting or ending';
  return message;
}
