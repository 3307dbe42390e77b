/**
 * Reads a request body whole, in memory, under a cap. Nothing here parses: the surfaces know their media types, and
 * SCIM has to see the bytes to tell invalid UTF-8 from valid.
 */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { err, ok, type Result } from '../kernel/result.js';

/**
 * - `too_large`: more than the cap, announced, sent, or after decompression (413).
 * - `aborted`: the client went away; there is nobody to answer.
 * - `unsupported_encoding`: another Content-Encoding than identity and gzip, or damaged gzip data (415, RFC 9110
 *   section 15.5.16).
 */
export type BodyProblem = 'too_large' | 'aborted' | 'unsupported_encoding';

const EMPTY = Buffer.alloc(0);
/** Bytes of a refused body to read and drop, so that a client that only then reads gets to see the answer. */
const DISCARDED_BYTES = 67_108_864;

const inflate = promisify(gunzip);

/**
 * Reads the body of `request`, at most `limit` bytes both on the wire and after gunzip. A request without a body gives
 * an empty buffer. What is left of a body that is refused is dropped, and the connection with it when that is too much.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Result<Buffer, BodyProblem>> {
  const { 'content-length': length, 'content-encoding': encoding } = request.headers;
  const isGzip = encoding !== undefined && /^(?:x-)?gzip$/i.test(encoding);
  if (length === undefined && request.headers['transfer-encoding'] === undefined) return ok(EMPTY);
  if (encoding !== undefined && !isGzip && !/^identity$/i.test(encoding))
    return refuse(request, 'unsupported_encoding');
  if (length !== undefined && Number(length) > limit) return refuse(request, 'too_large');

  const received = await receive(request, limit);
  if (!received.ok) return received.error === 'aborted' ? received : refuse(request, received.error);
  return isGzip && received.value.length > 0 ? decompress(received.value, limit) : received;
}

/** Collects the chunks until the end, the first byte over the limit, or the loss of the client. */
function receive(request: IncomingMessage, limit: number): Promise<Result<Buffer, 'too_large' | 'aborted'>> {
  if (request.destroyed && !request.complete) return Promise.resolve(err('aborted'));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (result: Result<Buffer, 'too_large' | 'aborted'>): void => {
      request.off('data', onData).off('end', onEnd).off('close', onLoss).off('error', onLoss);
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) settle(err('too_large'));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      const [first] = chunks;
      settle(ok(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, size)));
    };
    const onLoss = (): void => {
      settle(err('aborted'));
    };
    request.on('data', onData).on('end', onEnd).on('close', onLoss).on('error', onLoss);
  });
}

async function decompress(bytes: Buffer, limit: number): Promise<Result<Buffer, BodyProblem>> {
  try {
    return ok(await inflate(bytes, { maxOutputLength: limit }));
  } catch (error) {
    const isTooLarge =
      error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return err(isTooLarge ? 'too_large' : 'unsupported_encoding');
  }
}

function refuse<Problem extends BodyProblem>(
  request: IncomingMessage,
  problem: Problem,
): Result<never, Problem> {
  let discarded = 0;
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > DISCARDED_BYTES) request.destroy();
  });
  return err(problem);
}
