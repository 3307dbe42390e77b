import { join, relative } from 'node:path';
import { err, ok, type Result } from '../../kernel/result.js';

const SOCKET_FILE = 'admin.sock';
/** Bytes of `sun_path` without its terminating zero: 108 on Linux, 104 on macOS and the BSDs. */
const MAX_BYTES = process.platform === 'linux' ? 107 : 103;

/**
 * Where the server that holds `dataDir` takes commands. The path from the working directory is as good as the absolute
 * one, and often the one that fits.
 * @returns a path, or the reason why this system cannot have the socket
 */
export function findSocketPath(dataDir: string): Result<string, string> {
  if (process.platform === 'win32') return err('Windows has no Unix sockets');
  const absolute = join(dataDir, SOCKET_FILE);
  const fromHere = relative(process.cwd(), absolute);
  const path = Buffer.byteLength(fromHere) < Buffer.byteLength(absolute) ? fromHere : absolute;
  return Buffer.byteLength(path) <= MAX_BYTES
    ? ok(path)
    : err(`the path of DATA_DIR is too long for a Unix socket (${MAX_BYTES} bytes); choose a shorter one`);
}
