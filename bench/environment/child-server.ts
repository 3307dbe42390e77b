import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server under measurement: a process of its own that speaks SCIM below `/scim/v2`. */
export interface Subject {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Of SCIM. */
  readonly token: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

export interface ServerCommand {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly token: string;
  /** Goes into the environment as DATABASE_URL. */
  readonly databaseUrl: string;
}

const START_SECONDS = 60;

/**
 * Starts a server with this Node and waits until it answers a SCIM list. It gets only the given environment, so
 * that nothing set in the shell changes a measurement. Its own output goes to standard error.
 *
 * @throws Error when it exits early or does not answer within a minute.
 */
export async function startServer(command: ServerCommand): Promise<Subject> {
  const { name, port, token, databaseUrl } = command;
  const child = spawn(process.execPath, command.args, {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      ...command.env,
    },
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    await stopProcess(child);
  };
  try {
    await once(child, 'spawn');
    await waitUntilReady(command, child);
  } catch (error) {
    await stop();
    throw error;
  }
  if (child.pid === undefined) throw new Error(`${name} has no process id`);
  return { name, port, pid: child.pid, token, databaseUrl, stop };
}

async function waitUntilReady({ name, port, token }: ServerCommand, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_SECONDS * 1_000;
  let last = 'nothing';
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${name} exited with code ${child.exitCode} at its start`);
    try {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`http://127.0.0.1:${port}/scim/v2/Users?count=1`, { headers });
      if (answer.ok) return;
      last = `${answer.status} ${await answer.text()}`;
    } catch (error) {
      last = String(error);
    }
    await sleep(100);
  }
  throw new Error(`${name} was not ready after ${START_SECONDS} s; last answer: ${last}`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(impatience);
}
