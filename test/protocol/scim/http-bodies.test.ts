import { describe, expect, it } from '@jest/globals';
import type { Reply, ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus, mediaType } from '../../conformance/rfc/support/assertions.js';
import { createUser, matching, read } from '../../conformance/rfc/support/resources.js';
import { PATCH_OP, USER } from '../../conformance/rfc/support/urns.js';
import { useServer } from '../../conformance/rfc/support/use-server.js';

const server = useServer();
const JSON_BODY = JSON.stringify({ schemas: [USER], userName: 'body' });

const postRaw = (
  scim: ScimClient,
  raw: string | Uint8Array,
  contentType = 'application/scim+json',
): Promise<Reply> => scim.request('POST', '/Users', { raw, headers: { 'Content-Type': contentType } });

describe('rule 39: media types (RFC 7644 3.1, 3.8)', () => {
  it.each([
    'application/scim+json',
    'application/scim+json; charset=utf-8',
    'application/scim+json;charset="UTF-8"',
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
  ])('rule 39: takes Content-Type %s (RFC 7644 3.1)', async (contentType) => {
    const { scim } = await server.organization();
    expectStatus(await postRaw(scim, JSON_BODY, contentType), 201);
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/html',
  ])('rule 39: Content-Type %s on a write is 415 (RFC 7644 3.1)', async (contentType) => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    expectError(await postRaw(scim, JSON_BODY, contentType), 415);
    for (const method of ['PUT', 'PATCH'])
      expectError(
        await scim.request(method, `/Users/${user.id}`, {
          raw: JSON_BODY,
          headers: { 'Content-Type': contentType },
        }),
        415,
      );
    expect(await matching(scim, '/Users', 'userName eq "body"')).toEqual([]);
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
  });

  it.each([
    '*/*',
    'application/json',
    'application/scim+json',
    'text/html',
    'application/json;q=0.5, */*;q=0.1',
  ])('rule 39: Accept %s is answered with application/scim+json (RFC 7644 3.8)', async (accept) => {
    const { scim } = await server.organization();
    for (const path of ['/Users', '/ServiceProviderConfig']) {
      const reply = await scim.get(path, { Accept: accept });
      expectStatus(reply, 200);
      expect(mediaType(reply)).toBe('application/scim+json');
    }
  });

  it('rule 39: a GET may carry any Content-Type (Microsoft Entra connection test)', async () => {
    const { scim } = await server.organization();
    expectStatus(await scim.get('/Users', { 'Content-Type': 'text/plain' }), 200);
  });
});

describe('rule 39: bodies that are no clean JSON are 400 invalidSyntax (RFC 7644 3.12)', () => {
  const utf8 = new TextEncoder();
  const invalidUtf8 = new Uint8Array([
    ...utf8.encode(`{"schemas":["${USER}"],"userName":"body`),
    0xc3,
    0x28,
    ...utf8.encode('"}'),
  ]);
  const overlong = new Uint8Array([
    ...utf8.encode(`{"schemas":["${USER}"],"userName":"body`),
    0xc0,
    0xaf,
    ...utf8.encode('"}'),
  ]);

  it.each<readonly [string, string | Uint8Array]>([
    ['an empty body', ''],
    ['white space', ' \n '],
    ['a cut body', '{"schemas":['],
    ['text after the value', `${JSON_BODY} x`],
    ['single quotes', "{'userName':'body'}"],
    ['a trailing comma', '{"userName":"body",}'],
    ['a comment', '{"userName":"body" /* x */}'],
    ['NaN', '{"userName":NaN}'],
    ['a byte order mark', `\ufeff${JSON_BODY}`],
    ['invalid UTF-8', invalidUtf8],
    ['overlong UTF-8', overlong],
    ['a duplicate key', `{"schemas":["${USER}"],"userName":"body","userName":"other"}`],
    [
      'a duplicate key written with an escape',
      `{"schemas":["${USER}"],"userName":"body","user\\u004eame":"other"}`,
    ],
    [
      'a duplicate key deep inside',
      `{"schemas":["${USER}"],"userName":"body","name":{"givenName":"a","givenName":"b"}}`,
    ],
    ['an array', `[${JSON_BODY}]`],
    ['a string', '"body"'],
    ['a number', '7'],
    ['null', 'null'],
  ])('rule 39: %s (RFC 7644 3.12)', async (_what, raw) => {
    const { scim } = await server.organization();
    expectError(await postRaw(scim, raw), 400, 'invalidSyntax');
    expect(await matching(scim, '/Users', 'userName eq "body" or userName eq "other"')).toEqual([]);
  });

  it('rule 39: arrays 100,000 deep are 400, quickly (RFC 7159 9)', async () => {
    const { scim } = await server.organization();
    const raw = `{"userName":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expectError(await postRaw(scim, raw), 400, 'invalidSyntax', 'invalidValue');
  });

  it('rule 39: the same holds for PATCH, PUT, Bulk and .search (RFC 7644 3.12)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const headers = { 'Content-Type': 'application/scim+json' };
    for (const [method, path] of [
      ['PATCH', `/Users/${user.id}`],
      ['PUT', `/Users/${user.id}`],
      ['POST', '/Bulk'],
      ['POST', '/.search'],
      ['POST', '/Users/.search'],
    ] as const)
      for (const raw of ['', '{"schemas":[', '[]', '{"a":1,"a":2}'])
        expectError(await scim.request(method, path, { raw, headers }), 400, 'invalidSyntax');
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
  });

  it('rule 39: strings are read by code point, so UTF-8 of every length survives (RFC 7644 8.1)', async () => {
    const { scim } = await server.organization();
    const title = 'a\u00e9\u20ac\u{1f600}\u{10ffff}';
    const user = await createUser(scim, { title });
    expect((await read(scim, `/Users/${user.id}`)).title).toBe(title);
  });
});

describe('rule 39: keys of Object.prototype never pollute (CVE-2026-48170)', () => {
  const KEYS = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'] as const;
  const expectClean = async (scim: ScimClient): Promise<void> => {
    const fresh = await createUser(scim);
    expect(fresh.title).toBeUndefined();
    expect(fresh.polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  };

  it.each(KEYS)('rule 39: as a key of a resource: %s (CVE-2026-48170)', async (key) => {
    const { scim } = await server.organization();
    const raw =
      `{"schemas":["${USER}"],"userName":"proto","${key}":{"title":"x","polluted":true},` +
      `"name":{"${key}":{"polluted":true}}}`;
    const reply = await postRaw(scim, raw);
    expectStatus(reply, 201, 400);
    if (reply.status === 201) expect(await read(scim, `/Users/${reply.body.id}`)).not.toHaveProperty('title');
    await expectClean(scim);
  });

  it.each(KEYS)('rule 39: as a path and as a key of a PATCH: %s (CVE-2026-48170)', async (key) => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    for (const path of [
      key,
      `${key}.polluted`,
      `${key}.prototype.polluted`,
      `name.${key}`,
      `emails[${key} eq "x"].value`,
    ]) {
      const reply = await scim.operations(`/Users/${user.id}`, { op: 'add', path, value: 'x' });
      expectError(reply, 400);
    }
    const headers = { 'Content-Type': 'application/scim+json' };
    for (const value of [
      `{"${key}":{"polluted":true}}`,
      `{"${key}.polluted":true}`,
      `{"name":{"${key}":{"polluted":true}}}`,
    ]) {
      const raw = `{"schemas":["${PATCH_OP}"],"Operations":[{"op":"add","value":${value}}]}`;
      const reply = await scim.request('PATCH', `/Users/${user.id}`, { raw, headers });
      expectStatus(reply, 200, 400);
    }
    expect(await read(scim, `/Users/${user.id}`)).toEqual(user);
    await expectClean(scim);
  });
});
