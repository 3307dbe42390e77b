import type { ServerResponse } from 'node:http';
import { sendPieces } from '../../http/index.js';
import type { ScimReply } from '../exchange.js';

/** Characters from which a body is encoded once, before Node measures it and joins it with the head. */
const LARGE_BODY = 16_384;
const CONTENT_TYPE = 'application/scim+json; charset=utf-8';

/** Writes an answer, streamed when its body comes in pieces. */
export async function sendReply(response: ServerResponse, reply: ScimReply): Promise<void> {
  const { body } = reply;
  if (body === undefined || typeof body === 'string') {
    writeHead(response, reply, body !== undefined);
    response.end(body !== undefined && body.length > LARGE_BODY ? Buffer.from(body) : body);
    return;
  }
  await sendPieces(response, body, () => {
    writeHead(response, reply, true);
  });
}

function writeHead(response: ServerResponse, reply: ScimReply, hasBody: boolean): void {
  response.statusCode = reply.status;
  if (hasBody) response.setHeader('Content-Type', CONTENT_TYPE);
  for (const name in reply.headers) response.setHeader(name, reply.headers[name] ?? '');
}
