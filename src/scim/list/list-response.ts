const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

export interface ListResponseHead {
  readonly totalResults: number;
  readonly itemsPerPage: number;
  /** Absent with cursors. */
  readonly startIndex: number | undefined;
  readonly nextCursor: string | undefined;
}

/** A ListResponse (RFC 7644 section 3.4.2) up to its resources; `LIST_END` closes it. */
function listStart(head: ListResponseHead): string {
  let text = `{"schemas":["${LIST_SCHEMA}"],"totalResults":${head.totalResults},"itemsPerPage":${head.itemsPerPage}`;
  if (head.startIndex !== undefined) text += `,"startIndex":${head.startIndex}`;
  if (head.nextCursor !== undefined) text += `,"nextCursor":"${head.nextCursor}"`;
  return `${text},"Resources":[`;
}

const LIST_END = ']}';

/** A whole ListResponse of resources that are JSON text already. */
export const renderList = (head: ListResponseHead, resources: readonly string[]): string =>
  listStart(head) + resources.join(',') + LIST_END;

/** A whole ListResponse, one resource after the other, so that a page of large groups never is in memory as a whole. */
export async function* streamList<Item>(
  head: ListResponseHead,
  items: readonly Item[],
  render: (item: Item) => string | Promise<string | AsyncIterable<string>>,
): AsyncGenerator<string> {
  let separator = listStart(head);
  for (const item of items) {
    const text = await render(item);
    if (typeof text === 'string') yield separator + text;
    else {
      yield separator;
      yield* text;
    }
    separator = ',';
  }
  yield items.length === 0 ? separator + LIST_END : LIST_END;
}
