import type { IncomingMessage } from 'node:http';
import { parseJsonBody, readBody } from '../http/index.js';
import type { JsonObject } from '../kernel/json.js';
import { LIMITS } from '../kernel/limits.js';
import { AccessError, invalidRequest } from './access-error.js';

const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i;

/**
 * The JSON object of a request (Authorization API section 10.1).
 * @throws AccessError 415 for another media type, 413 over the cap, 400 for what is no JSON object
 */
export async function readJsonBody(request: IncomingMessage): Promise<JsonObject> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? ''))
    throw new AccessError(415, 'request.unsupported_media_type', {
      detail: 'Content-Type must be application/json, in UTF-8.',
    });
  const body = await readBody(request, LIMITS.accessBodyBytes);
  if (!body.ok) {
    switch (body.error) {
      case 'too_large':
        throw new AccessError(413, 'request.too_large', {
          detail: `The request body exceeds ${LIMITS.accessBodyBytes} bytes.`,
        });
      case 'unsupported_encoding':
        throw new AccessError(415, 'request.unsupported_media_type', {
          detail: 'Content-Encoding must be identity or gzip.',
        });
      case 'aborted':
        throw invalidRequest(undefined, 'The request body is incomplete.');
    }
  }
  const parsed = parseJsonBody(body.value);
  if (!parsed.ok) throw invalidRequest(undefined, parsed.error.detail);
  return parsed.value;
}
