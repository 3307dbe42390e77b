import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from './support/assertions.js';
import { createGroup, createUser, query, read, withQuery } from './support/resources.js';
import { GROUP, ROLLCALL, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

describe('dateTime (RFC 7643 2.3.5)', () => {
  it('is answered in UTC with Z (RFC 7643 2.3.5)', async () => {
    const { scim } = await server.organization();
    const { meta } = await createUser(scim);
    for (const moment of [meta.created, meta.lastModified])
      expect(moment).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  });

  it.each(['2026-01-02', 'T03:04:05Z', '2026-13-02T03:04:05Z', '2026-02-30T03:04:05Z', 'yesterday'])(
    '%s is no dateTime: 400 in a filter (RFC 7643 2.3.5)',
    async (text) => {
      const { scim } = await server.organization();
      const reply = await scim.get(withQuery('/Users', { filter: `meta.created gt "${text}"` }));
      expectError(reply, 400, 'invalidFilter', 'invalidValue');
    },
  );

  it('meta.created stays over PUT and PATCH; lastModified moves on (RFC 7643 3.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const path = `/Users/${user.id}`;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expectStatus(await scim.put(path, { schemas: [USER], userName: user.userName, title: 'x' }), 200);
    expectStatus(await scim.operations(path, { op: 'replace', path: 'title', value: 'y' }), 200);
    const { meta } = await read(scim, path);
    expect(meta.created).toBe(user.meta.created);
    expect(Date.parse(meta.lastModified)).toBeGreaterThan(Date.parse(user.meta.lastModified));
  });
});

describe('values (RFC 7643 2.3)', () => {
  it.each(['AQIDBA==', 'AQIDBA', 'AQID'])(
    'binary %s is taken, with padding or without (RFC 7643 2.3.6)',
    async (value) => {
      const { scim } = await server.organization();
      const user = await createUser(scim, { x509Certificates: [{ value }] });
      const [stored] = (await read(scim, `/Users/${user.id}`)).x509Certificates;
      expect(stored.value.replace(/=+$/, '')).toBe(value.replace(/=+$/, ''));
    },
  );

  it('binary that is no base64 is 400 invalidValue (RFC 7643 2.3.6)', async () => {
    const { scim } = await server.organization();
    const body = { schemas: [USER], userName: 'x', x509Certificates: [{ value: '%%%' }] };
    expectError(await scim.post('/Users', body), 400, 'invalidValue');
  });

  it('values round-trip unmodified, telephone numbers and odd text too (Microsoft Entra)', async () => {
    const { scim } = await server.organization();
    const attributes = {
      title: "  <b>Caf\u00e9</b> \u{1f600} '; drop table users; -- ",
      phoneNumbers: [{ value: '(030) 123-45 ext. 6', type: 'work' }],
      name: { familyName: 'O\u2019Neill', formatted: 'a\nb\tc' },
    };
    const user = await createUser(scim, attributes);
    expect(await read(scim, `/Users/${user.id}`)).toMatchObject(attributes);
  });

  it('a NUL character is stored as it is or refused with 400, never a server error (RFC 7159 7)', async () => {
    const { scim } = await server.organization();
    const reply = await scim.post('/Users', { schemas: [USER], userName: 'nul', title: 'a\u0000b' });
    if (reply.status === 201) expect((await read(scim, `/Users/${reply.body.id}`)).title).toBe('a\u0000b');
    else expectError(reply, 400, 'invalidValue', 'invalidSyntax');
    expect(
      (await scim.get(withQuery('/Users', { filter: String.raw`title eq "\u0000"` }))).status,
    ).toBeLessThan(500);
  });

  it('a lone surrogate is stored as it is or refused with 400, never a server error (RFC 7159 8.2)', async () => {
    const { scim } = await server.organization();
    const raw = `{"schemas":["${USER}"],"userName":"lone","title":"a\\ud800b"}`;
    const headers = { 'Content-Type': 'application/scim+json' };
    expect((await scim.request('POST', '/Users', { raw, headers })).status).toBeLessThan(500);
    const filter = String.raw`title eq "\ud800"`;
    expect((await scim.get(withQuery('/Users', { filter }))).status).toBeLessThan(500);
  });

  it('very long values are stored or refused with 400 or 413, never a server error (product decision)', async () => {
    const { scim } = await server.organization();
    for (const body of [{ userName: 'x'.repeat(5_000) }, { userName: 'long', title: 'x'.repeat(100_000) }]) {
      const reply = await scim.post('/Users', { schemas: [USER], ...body });
      if (reply.status === 201) expect(await read(scim, `/Users/${reply.body.id}`)).toMatchObject(body);
      else expectError(reply, [400, 413]);
    }
  });
});

describe('defaults and derived values', () => {
  it('active is true when it is missing on create (RFC 7643 4.1.1)', async () => {
    const { scim } = await server.organization();
    expect((await createUser(scim)).active).toBe(true);
    expect((await createUser(scim, { active: null })).active).toBe(true);
  });

  it('defaults on create: organizationRole member, seat full, accountType USER (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    expect((await read(scim, `/Users/${user.id}`))[ROLLCALL]).toMatchObject({
      organizationRole: 'member',
      seat: 'full',
      accountType: 'USER',
    });
    expect(user.schemas).toContain(ROLLCALL);
  });

  it('the display of a member is kept by the server, not by the client (RFC 7643 4.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { displayName: 'Ada' });
    const group = await createGroup(scim, { members: [{ value: user.id, display: 'Mallory' }] });
    const path = `/Groups/${group.id}`;
    const [member] = (await read(scim, path)).members;
    expect(member.display).not.toBe('Mallory');
    const before = member.display;
    expectStatus(
      await scim.operations(`/Users/${user.id}`, { op: 'replace', value: { displayName: 'Countess' } }),
      200,
    );
    const [renamed] = (await read(scim, path)).members;
    if (before === 'Ada') expect(renamed.display).toBe('Countess');
  });

  it('lastActiveAt is absent and daysActive an integer or absent for a user who never signed in (product decision)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const extension = (await read(scim, `/Users/${user.id}`))[ROLLCALL];
    expect(extension.lastActiveAt).toBeUndefined();
    expect(extension.daysActive ?? 0).toBe(0);
  });

  it('lists of groups honour excludedAttributes=members and carry members otherwise (RFC 7644 3.9)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    await createGroup(scim, { displayName: 'Team', members: [{ value: user.id }] });
    const [full] = await query(scim, '/Groups', { filter: 'displayName eq "Team"' });
    expect(full.members).toHaveLength(1);
    const [bare] = await query(scim, '/Groups', {
      filter: 'displayName eq "Team"',
      excludedAttributes: 'members',
    });
    expect(bare.members).toBeUndefined();
  });
});

describe('status and body rules (RFC 7644 3.3 to 3.6)', () => {
  it.each([
    ['/Users', { schemas: [USER], userName: 'created' }],
    ['/Groups', { schemas: [GROUP], displayName: 'created' }],
    [
      '/Roles',
      { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Role'], name: 'created', inheritedFrom: 'member' },
    ],
  ])('POST %s is 201 with Location, ETag and the full body (RFC 7644 3.3)', async (endpoint, body) => {
    const { scim } = await server.organization();
    const reply = await scim.post(endpoint, body);
    expectStatus(reply, 201);
    expect(reply.headers.get('content-type')).toMatch(/^application\/scim\+json/);
    expect(reply.headers.get('location')).toBe(reply.body.meta.location);
    expect(reply.headers.get('etag')).toBe(reply.body.meta.version);
    expect(reply.body).toMatchObject({ ...body, schemas: expect.arrayContaining(body.schemas) });
    expect(reply.body.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await read(scim, `${endpoint}/${reply.body.id}`)).toEqual(reply.body);

    const gone = await scim.delete(`${endpoint}/${reply.body.id}`);
    expectStatus(gone, 204);
    expect(gone.text).toBe('');
    const path = `${endpoint}/${reply.body.id}`;
    expectError(await scim.get(path), 404);
    expectError(await scim.put(path, body), 404);
    expectError(await scim.operations(path, { op: 'replace', value: body }), 404);
    expectError(await scim.delete(path), 404);
  });

  it('PATCH is 200 with the resource on users and roles, 204 without a body on groups (product decision)', async () => {
    const { scim } = await server.organization();
    const group = await createGroup(scim);
    const reply = await scim.operations(`/Groups/${group.id}`, {
      op: 'replace',
      value: { displayName: 'New' },
    });
    expectStatus(reply, 204);
    expect(reply.text).toBe('');
    const user = await createUser(scim);
    const patched = await scim.operations(`/Users/${user.id}`, { op: 'replace', value: { title: 'x' } });
    expectStatus(patched, 200);
    expect(patched.body).toMatchObject({ id: user.id, userName: user.userName, title: 'x' });
  });
});
