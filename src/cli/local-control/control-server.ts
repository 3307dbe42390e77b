import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readBody } from '../../http/index.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { EXIT } from '../exit-code.js';
import type { Output } from '../terminal.js';
import {
  COMMANDS_PATH,
  MAX_REQUEST_BYTES,
  parseCommandRequest,
  type CommandMessage,
  type CommandRequest,
} from './messages.js';
import { findSocketPath } from './socket-path.js';

/** Runs a command of a second process and says on `output` what it would say there. @returns the exit code */
export type RunCommand = (request: CommandRequest, output: Output) => Promise<number>;

export interface ControlServer {
  /** Lets running commands finish, cuts off after `deadline` milliseconds those that have not, and takes the socket away. */
  close(deadline?: number): Promise<void>;
}

const DEFAULT_DEADLINE = 10_000;

/** Everything but the owner's read and write. */
const OWNER_ONLY = 0o177;

/**
 * Listens on a Unix socket in `dataDir`, so that a second process can have its commands done by the one that holds the
 * embedded database. Only the owner of the socket can connect: its mode is 0600 from the moment it exists.
 * The caller holds the lock on `dataDir`; what lies at the path is therefore left over from a process that has ended.
 * @returns the reason when this system cannot have the socket
 */
export async function startControlServer(
  dataDir: string,
  runCommand: RunCommand,
): Promise<Result<ControlServer, string>> {
  const path = findSocketPath(dataDir);
  if (!path.ok) return path;
  rmSync(path.value, { force: true });
  const server = createServer((request, response) => {
    answer(request, response, runCommand).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  try {
    await listenPrivately(server, path.value);
  } catch (error) {
    return err((error as Error).message);
  }
  // A server that has nothing else left to do must be able to end.
  server.unref();
  return ok({ close: (deadline = DEFAULT_DEADLINE) => close(server, deadline) });
}

/** The mask applies while the socket is made, which `listen` does before it returns. */
function listenPrivately(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const mask = process.umask(OWNER_ONLY);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(mask);
    }
  });
}

const close = (server: Server, deadline: number): Promise<void> =>
  new Promise((resolve) => {
    const cutOff = setTimeout(() => {
      server.closeAllConnections();
    }, deadline);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  runCommand: RunCommand,
): Promise<void> {
  response.setHeader('Connection', 'close');
  if (request.method !== 'POST' || request.url !== COMMANDS_PATH) {
    response.writeHead(404).end();
    return;
  }
  const body = await readBody(request, MAX_REQUEST_BYTES);
  const command = body.ok ? parseCommandRequest(body.value) : undefined;
  if (command === undefined) {
    response.writeHead(400).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  const send = (message: CommandMessage): void => void response.write(`${JSON.stringify(message)}\n`);
  let exitCode: number = EXIT.failure;
  try {
    exitCode = await runCommand(command, {
      out: (out) => send({ out }),
      err: (text) => send({ err: text }),
    });
  } finally {
    send({ exitCode });
    response.end();
  }
}
