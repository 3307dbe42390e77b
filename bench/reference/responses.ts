import type { Response } from 'express';

/** Sends text as it is, with the fewest steps Express allows. */
export function sendText(res: Response, status: number, text: string): void {
  res.statusCode = status;
  res.setHeader('content-type', 'application/scim+json; charset=utf-8');
  res.setHeader('content-length', Buffer.byteLength(text));
  res.end(text);
}

/** Writes a ListResponse (RFC 7644 section 3.4.2) around documents that are already text. */
export function listResponse(documents: string, count: number, total: number, nextCursor?: string): string {
  const next = nextCursor === undefined ? '' : `"nextCursor":"${nextCursor}",`;
  return (
    '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],' +
    `"totalResults":${total},"itemsPerPage":${count},"startIndex":1,${next}"Resources":[${documents}]}`
  );
}
