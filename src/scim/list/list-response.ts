const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

export interface ListResponseHead {
  readonly totalResults: number;
  readonly itemsPerPage: number;
  /** Absent with cursors. */
  readonly startIndex: number | undefined;
  readonly nextCursor: string | undefined;
}

/** A ListResponse (RFC 7644 section 3.4.2) up to its resources; `LIST_END` closes it. */
export function listStart(head: ListResponseHead): string {
  let text = `{"schemas":["${LIST_SCHEMA}"],"totalResults":${head.totalResults},"itemsPerPage":${head.itemsPerPage}`;
  if (head.startIndex !== undefined) text += `,"startIndex":${head.startIndex}`;
  if (head.nextCursor !== undefined) text += `,"nextCursor":"${head.nextCursor}"`;
  return `${text},"Resources":[`;
}

export const LIST_END = ']}';

/** A whole ListResponse of resources that are JSON text already. */
export const renderList = (head: ListResponseHead, resources: readonly string[]): string =>
  listStart(head) + resources.join(',') + LIST_END;
