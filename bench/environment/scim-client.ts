import type { Subject } from './child-server.ts';

export interface ScimAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
}

/**
 * Sends one SCIM request outside of any measurement.
 *
 * @param path below `/scim/v2`, such as `/Users?count=1`.
 * @throws Error when the status is not the expected one, with the beginning of the answer.
 */
export async function sendScim(
  subject: Subject,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly expect: number },
): Promise<ScimAnswer> {
  const headers = { authorization: `Bearer ${subject.token}`, 'content-type': 'application/scim+json' };
  const body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  const answer = await fetch(`http://127.0.0.1:${subject.port}/scim/v2${path}`, {
    method,
    headers,
    ...(options.body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  if (answer.status !== options.expect) {
    throw new Error(
      `${subject.name}: ${method} ${path.slice(0, 200)} gave ${answer.status}: ${text.slice(0, 500)}`,
    );
  }
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: answer.status, location: answer.headers.get('location'), text, body: parsed };
}
