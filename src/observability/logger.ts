import { pino, type DestinationStream, type Logger } from 'pino';
import { serializeError } from './serialize-error.js';

export type { Logger } from 'pino';

/** Keys whose value never reaches the log, in any of the forms objects carry them. */
const SECRET_KEYS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'secret',
  'assertion',
  'body',
];
/** Objects are logged at most this deep by our own code: `{ request: { headers: { authorization } } }`. */
const PATHS = SECRET_KEYS.map((key) => `["${key}"]`).flatMap((key) => [key, `*${key}`, `*.*${key}`]);

/**
 * Makes the logger: one JSON object a line on stdout, with secrets redacted and errors reduced to what helps.
 * @param level the least severe level to write, such as `info`; `silent` writes nothing
 * @param destination for tests
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError, error: serializeError },
    redact: { paths: PATHS, censor: '[redacted]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
