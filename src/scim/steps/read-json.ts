import type { IncomingMessage } from 'node:http';
import { parseJsonBody, readBody } from '../../http/index.js';
import type { JsonObject } from '../../kernel/json.js';
import { LIMITS } from '../../kernel/limits.js';
import { ScimError } from '../errors.js';
import { badRequest } from '../problem.js';

const MEDIA_TYPES = new Set(['application/scim+json', 'application/json']);

/**
 * The body of a write (RFC 7644 sections 3.1 and 3.8).
 * @throws ScimError 415 for another media type, charset or encoding, 413 over the cap, 400 invalidSyntax for bad JSON
 */
export async function readJson(request: IncomingMessage): Promise<JsonObject> {
  requireMediaType(request.headers['content-type']);
  const body = await readBody(request, LIMITS.bodyBytes);
  if (body.ok) {
    const parsed = parseJsonBody(body.value);
    if (parsed.ok) return parsed.value;
    const { kind, detail } = parsed.error;
    throw new ScimError(badRequest(kind === 'syntax' ? 'invalidSyntax' : 'invalidValue', detail));
  }
  switch (body.error) {
    case 'too_large':
      throw new ScimError({ status: 413, detail: `The request body exceeds ${LIMITS.bodyBytes} bytes.` });
    case 'unsupported_encoding':
      throw new ScimError({ status: 415, detail: 'Content-Encoding must be identity or gzip.' });
    case 'aborted':
      throw new ScimError({
        status: 400,
        scimType: 'invalidSyntax',
        detail: 'The request body is incomplete.',
      });
  }
}

/** As known clients send them, so that most need not be taken apart. */
const USUAL_TYPES = new Set([...MEDIA_TYPES].flatMap((type) => [type, `${type}; charset=utf-8`]));

function requireMediaType(contentType: string | undefined): void {
  if (contentType !== undefined && USUAL_TYPES.has(contentType)) return;
  const [mediaType = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (MEDIA_TYPES.has(mediaType) && (charset === undefined || charset === 'utf-8' || charset === 'utf8'))
    return;
  throw new ScimError({
    status: 415,
    detail: 'Content-Type must be application/scim+json or application/json, in UTF-8.',
  });
}
