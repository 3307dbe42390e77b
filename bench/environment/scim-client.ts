import { scimSurface, type Surface } from '../load/plan.ts';
import type { Subject } from './child-server.ts';

export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
}

interface RequestOptions {
  /** A text, or what is sent as JSON. */
  readonly body?: unknown;
  readonly expect: number;
}

/** Sends one SCIM request outside of any measurement. @param path below `/scim/v2`, such as `/Users?count=1` */
export const sendScim = (
  subject: Subject,
  method: string,
  path: string,
  options: RequestOptions,
): Promise<Answer> => send(subject, scimSurface(subject.token), method, path, options);

/**
 * Sends one request outside of any measurement.
 *
 * @param path below the base path of the surface.
 * @throws Error when the status is not the expected one, with the beginning of the answer.
 */
export async function send(
  subject: Subject,
  surface: Surface,
  method: string,
  path: string,
  options: RequestOptions,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${surface.token}`, 'content-type': surface.mediaType };
  const body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
  const answer = await fetch(`http://127.0.0.1:${subject.port}${surface.basePath}${path}`, {
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
