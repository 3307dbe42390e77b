import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a process that the test has started, if it has not ended. */
export async function stopChild(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
