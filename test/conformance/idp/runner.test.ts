import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/kernel/json.js';
import { answerProblems } from './every-answer.js';
import { parseFixture } from './fixture.js';
import { replay, type Target } from './replay.js';
import type { Outgoing, Send } from './send.js';
import { substitute } from './substitute.js';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

const answer = (status: number, body: JsonObject | undefined, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers({ 'content-type': 'application/scim+json', ...headers }),
  text: body === undefined ? '' : JSON.stringify(body),
  body: body ?? {},
});

const targetOf = (send: Send): Target => ({
  baseUrl: 'http://host',
  token: 't0ken',
  adminId: 'admin-1',
  client: { always: { 'User-Agent': 'Client' }, withBody: { 'Content-Type': 'application/json' } },
  send,
});

const recording = (bodies: JsonObject[]): { sent: Outgoing[]; target: Target } => {
  const sent: Outgoing[] = [];
  const target = targetOf((outgoing) => {
    sent.push(outgoing);
    return Promise.resolve(answer(200, bodies[sent.length - 1]));
  });
  return { sent, target };
};

const fixtureOf = (...steps: unknown[]) => parseFixture({ name: 'n', source: 's', steps });

describe('the replay runner', () => {
  it('carries saved values into later paths, bodies and expectations', async () => {
    const { sent, target } = recording([{ id: 'u1' }, { id: 'u1', manager: 'u1' }]);
    const fixture = fixtureOf(
      { method: 'GET', path: '/Me', expect: { status: 200, save: { U: '$.id' } } },
      {
        method: 'PUT',
        path: '/Users/{{U}}',
        body: { manager: '{{U}}' },
        expect: { status: 200, body: { manager: '{{U}}' } },
      },
    );
    expect(await replay(fixture, target)).toEqual([]);
    expect(sent[1]).toEqual({
      method: 'PUT',
      url: 'http://host/scim/v2/Users/u1',
      headers: { Authorization: 'Bearer t0ken', 'User-Agent': 'Client', 'Content-Type': 'application/json' },
      body: '{"manager":"u1"}',
    });
  });

  it('stops at the first step that is not answered as expected, and says which', async () => {
    const { sent, target } = recording([{ active: 'False' }, {}]);
    const step = { method: 'GET', path: '/x', note: 'why', expect: { status: 200, body: { active: false } } };
    const problems = await replay(fixtureOf(step, step), target);
    expect(problems[0]).toBe('step 1, GET http://host/scim/v2/x (why)');
    expect(problems[1]).toBe('$.active: expected false, got "False"');
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['another status', { status: 404 }],
    ['a header', { status: 200, headers: { etag: 'W/"1"' } }],
    ['an attribute that should be absent', { status: 200, absent: ['$.members'] }],
    ['nothing to save', { status: 200, save: { U: '$.id' } }],
  ])('reports %s', async (_, expectation) => {
    const { target } = recording([{ members: [] }]);
    expect(await replay(fixtureOf({ method: 'GET', path: '/x', expect: expectation }), target)).not.toEqual(
      [],
    );
  });

  it('repeats a step, numbering paths and saved names', async () => {
    const { sent, target } = recording([{ id: 'a' }, { id: 'b' }, {}]);
    const fixture = fixtureOf(
      { method: 'GET', path: '/{{i}}', repeat: [1, 2], expect: { status: 200, save: { 'U{{i}}': '$.id' } } },
      {
        method: 'PATCH',
        path: '/x',
        body: { $repeat: [1, 2], item: { value: '{{U{{i}}}}' } },
        expect: { status: 200 },
      },
    );
    expect(await replay(fixture, target)).toEqual([]);
    expect(sent.map(({ url }) => url.slice(-2))).toEqual(['/1', '/2', '/x']);
    expect(sent[2]?.body).toBe('[{"value":"a"},{"value":"b"}]');
  });

  it('sends Basic credentials, no credentials, and leaves a header of the client away', async () => {
    const { sent, target } = recording([{}, {}]);
    const fixture = fixtureOf(
      {
        method: 'GET',
        path: '/x',
        credentials: { basic: ['anyone', '{{TOKEN}}'] },
        headers: { 'User-Agent': null },
        expect: { status: 200 },
      },
      { method: 'GET', path: '/x', credentials: 'none', expect: { status: 200 } },
    );
    expect(await replay(fixture, target)).toEqual([]);
    expect(sent.map(({ headers }) => headers)).toEqual([
      { Authorization: `Basic ${Buffer.from('anyone:t0ken').toString('base64')}` },
      { 'User-Agent': 'Client' },
    ]);
  });

  it('refuses a fixture with a misspelt key', () => {
    expect(() => fixtureOf({ method: 'GET', path: '/x', expects: { status: 200 } })).toThrow();
  });
});

describe('placeholders of the replays', () => {
  const variables = new Map([['U', { id: '1', groups: [{ value: 'g' }], active: true }]]);

  it('send an own answer back with changes', () => {
    expect(substitute({ $extend: '{{U}}', with: { active: false } }, variables)).toEqual({
      id: '1',
      groups: [{ value: 'g' }],
      active: false,
    });
  });

  it('refuse a name that nothing was saved under, and a resource inside a text', () => {
    expect(() => substitute('{{V}}', variables)).toThrow('V');
    expect(() => substitute('/Users/{{U}}', variables)).toThrow('U');
  });
});

describe('the rules for every answer', () => {
  const error = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '404',
    detail: 'No such user',
  };
  const user = { id: '1', meta: { location: 'http://host/scim/v2/Users/1', version: 'W/"1"' } };
  const list = { schemas: [LIST], totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [user] };
  const location = user.meta.location;

  it.each([
    ['an error', answer(404, error)],
    ['a new resource', answer(201, user, { location, etag: 'W/"1"' })],
    ['a list', answer(200, list)],
    ['no content', answer(204, undefined)],
  ])('are content with %s', (_, reply) => {
    expect(answerProblems(reply)).toEqual([]);
  });

  it.each([
    ['another media type', answer(200, user, { 'content-type': 'application/json' })],
    ['an error whose status is a number', answer(404, { ...error, status: 404 })],
    ['an error without the schema', answer(404, { ...error, schemas: [] })],
    ['an error without a reason', answer(404, { ...error, detail: '' })],
    ['201 without Location', answer(201, user, { etag: 'W/"1"' })],
    ['201 without ETag', answer(201, user, { location })],
    ['an ETag that is not the version', answer(200, user, { etag: 'W/"2"' })],
    ['a counter as text', answer(200, { ...list, totalResults: '1' })],
    ['a page that counts wrongly', answer(200, { ...list, itemsPerPage: 100 })],
    ['204 with a body', answer(204, {})],
  ])('find %s', (_, reply) => {
    expect(answerProblems(reply)).toHaveLength(1);
  });
});
