import type { JsonValue } from '../../../src/kernel/json.js';
import type { Reply } from '../../support/scim-client.js';
import type { ClientHeaders } from './client-headers.js';
import { answerProblems } from './every-answer.js';
import type { Credentials, Fixture, Step } from './fixture.js';
import { readJsonPath } from './json-path.js';
import { mismatches } from './match.js';
import type { Outgoing, Send } from './send.js';
import { substitute, substituteText } from './substitute.js';

/** Where a fixture is replayed. */
export interface Target {
  /** Address of the server without a path; `{{BASE}}` is this and `/scim/v2`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly adminId: string;
  readonly client: ClientHeaders;
  readonly send: Send;
}

type Saved = Map<string, JsonValue>;

const authorizationOf = (credentials: Credentials, saved: Saved): Record<string, string> => {
  if (credentials === 'none') return {};
  if ('bearer' in credentials)
    return { Authorization: `Bearer ${substituteText(credentials.bearer, saved)}` };
  const pair = credentials.basic.map((part) => substituteText(part, saved)).join(':');
  return { Authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
};

const headersOf = (fixture: Fixture, step: Step, target: Target, saved: Saved): Record<string, string> => {
  const headers: Record<string, string> = {
    ...authorizationOf(step.credentials ?? fixture.credentials, saved),
    ...target.client.always,
    ...(step.body === undefined ? {} : target.client.withBody),
  };
  for (const [name, value] of Object.entries(step.headers ?? {})) {
    if (value === null) Reflect.deleteProperty(headers, name);
    else headers[name] = substituteText(value, saved);
  }
  return headers;
};

const outgoingOf = (
  fixture: Fixture,
  step: Step,
  target: Target,
  saved: Saved,
  index?: number,
): Outgoing => ({
  method: step.method,
  url: target.baseUrl + fixture.base + substituteText(step.path, saved, index),
  headers: headersOf(fixture, step, target, saved),
  body: step.body === undefined ? undefined : JSON.stringify(substitute(step.body, saved, index)),
});

const saveFrom = (reply: Reply, step: Step, saved: Saved, index?: number): string[] =>
  Object.entries(step.expect.save ?? {}).flatMap(([name, path]) => {
    const value = readJsonPath(reply.body, path) as JsonValue | undefined;
    if (value === undefined) return [`${path}: nothing there to save as ${name}`];
    saved.set(substituteText(name, saved, index), value);
    return [];
  });

const replyProblems = (reply: Reply, step: Step, saved: Saved, index?: number): string[] => {
  const { status, headers, body, absent = [] } = step.expect;
  if (reply.status !== status) return [`expected status ${status}, got ${reply.status}`];
  const unsaved = saveFrom(reply, step, saved, index);
  if (unsaved.length > 0) return unsaved;
  const answered = Object.fromEntries(reply.headers);
  return [
    ...answerProblems(reply),
    ...(headers === undefined ? [] : mismatches(answered, substitute(headers, saved, index), 'headers')),
    ...(body === undefined ? [] : mismatches(reply.body, substitute(body, saved, index))),
    ...absent
      .filter((path) => readJsonPath(reply.body, path) !== undefined)
      .map((path) => `${path}: expected nothing, got ${JSON.stringify(readJsonPath(reply.body, path))}`),
  ];
};

const numbersOf = ([from, to]: readonly [number, number]): number[] =>
  Array.from({ length: to - from + 1 }, (_, offset) => from + offset);

/**
 * Sends the steps of a fixture one after the other and answers what was not as expected. Stops at the first step that
 * fails, since the later ones build on it; an empty list means that the client would be content.
 */
export const replay = async (fixture: Fixture, target: Target): Promise<string[]> => {
  const saved: Saved = new Map<string, JsonValue>([
    ['BASE', `${target.baseUrl}/scim/v2`],
    ['TOKEN', target.token],
    ['ADMIN', target.adminId],
  ]);
  for (const [position, step] of fixture.steps.entries()) {
    const indexes = step.repeat === undefined ? [undefined] : numbersOf(step.repeat);
    for (const index of indexes) {
      const outgoing = outgoingOf(fixture, step, target, saved, index);
      const reply = await target.send(outgoing);
      const problems = replyProblems(reply, step, saved, index);
      if (problems.length > 0) {
        const where = `step ${position + 1}, ${outgoing.method} ${outgoing.url}`;
        return [
          step.note === undefined ? where : `${where} (${step.note})`,
          ...problems,
          `answer: ${reply.text}`,
        ];
      }
    }
  }
  return [];
};
