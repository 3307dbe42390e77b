import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import { createGroup, createUser, read, withQuery, type Resource } from './support/resources.js';
import { ENTERPRISE, ROLLCALL, SEARCH_REQUEST, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

const BODY = {
  schemas: [USER, ENTERPRISE],
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'Byron' },
  title: 'Countess',
  emails: [{ value: 'ada@ex.test', type: 'work', display: 'Work' }],
  [ENTERPRISE]: { department: 'R&D' },
};

async function seed(): Promise<{ scim: ScimClient; user: Resource }> {
  const { scim } = await server.organization();
  return { scim, user: await createUser(scim, BODY) };
}

describe('rule 19: attributes and excludedAttributes (RFC 7644 3.9)', () => {
  it('rule 19: both together are 400 invalidValue (product decision)', async () => {
    const { scim, user } = await seed();
    for (const path of [`/Users/${user.id}`, '/Users'])
      expectError(
        await scim.get(`${path}?attributes=userName&excludedAttributes=title`),
        400,
        'invalidValue',
      );
  });

  it('rule 19: attributes=name.givenName returns that sub-attribute only (RFC 7644 3.9)', async () => {
    const { scim, user } = await seed();
    const projected = await read(scim, `/Users/${user.id}?attributes=name.givenName`);
    expect(projected.name).toEqual({ givenName: 'Ada' });
    expect(projected.id).toBe(user.id);
    for (const absent of ['userName', 'title', 'emails', ENTERPRISE, ROLLCALL])
      expect(Object.keys(projected)).not.toContain(absent);
  });

  it('rule 19: excludedAttributes=emails.type drops that sub-attribute only (RFC 7644 3.9)', async () => {
    const { scim, user } = await seed();
    const projected = await read(scim, `/Users/${user.id}?excludedAttributes=emails.type`);
    expect(projected.emails).toEqual([{ value: 'ada@ex.test', display: 'Work' }]);
    expect(projected).toMatchObject({ userName: 'ada', title: 'Countess' });
  });

  it('rule 19: the URN of an extension names the whole extension (RFC 7644 3.9)', async () => {
    const { scim, user } = await seed();
    const only = await read(scim, withQuery(`/Users/${user.id}`, { attributes: ENTERPRISE }));
    expect(only[ENTERPRISE]).toEqual({ department: 'R&D' });
    expect(only.schemas).toContain(ENTERPRISE);
    expect(only.userName).toBeUndefined();
    expect(only[ROLLCALL]).toBeUndefined();
    const without = await read(scim, withQuery(`/Users/${user.id}`, { excludedAttributes: ENTERPRISE }));
    expect(without[ENTERPRISE]).toBeUndefined();
    expect(without.userName).toBe('ada');
  });

  it.each([
    'attributes=userName,%20title',
    'attributes=userName%20,title',
    'attributes=userName&attributes=title',
    'attributes=USERNAME,Title',
  ])('rule 19: takes white space, repetition and any case: %s (RFC 7644 3.9)', async (parameters) => {
    const { scim, user } = await seed();
    const projected = await read(scim, `/Users/${user.id}?${parameters}`);
    expect(projected).toMatchObject({ userName: 'ada', title: 'Countess' });
    expect(projected.name).toBeUndefined();
  });
});

describe('rule 20: returned characteristics (RFC 7643 7)', () => {
  it('rule 20: id and schemas survive excludedAttributes (RFC 7643 7)', async () => {
    const { scim, user } = await seed();
    const projected = await read(scim, `/Users/${user.id}?excludedAttributes=id,schemas,title`);
    expect(projected.id).toBe(user.id);
    expect(projected.schemas).toContain(USER);
    expect(projected.title).toBeUndefined();
  });

  it('rule 20: a password is never returned, on any way (RFC 7643 7)', async () => {
    const { scim } = await server.organization();
    const secret = 'correct horse battery staple';
    const created = await scim.post('/Users?attributes=userName,password', { ...BODY, password: secret });
    expectStatus(created, 201);
    const path = `/Users/${created.body.id}`;
    const replies = [
      created,
      await scim.get(path),
      await scim.get(`${path}?attributes=password`),
      await scim.get('/Users?attributes=password'),
      await scim.operations(path, { op: 'replace', path: 'password', value: secret }),
      await scim.operations(path, { op: 'replace', value: { password: secret } }),
      await scim.put(path, { ...BODY, password: secret }),
    ];
    for (const reply of replies) {
      expectStatus(reply, 200, 201);
      expect(reply.text).not.toContain(secret);
      expect(reply.text).not.toContain('"password"');
    }
  });

  it.each([
    'password eq "x"',
    'password sw "a"',
    'password pr',
    `${USER}:password co "a"`,
    'userName pr and password eq "x"',
  ])('rule 20: a filter on the password is refused: %s (RFC 7644 7.5.2)', async (filter) => {
    const { scim } = await server.organization();
    const byGet = await scim.get(withQuery('/Users', { filter }));
    const bySearch = await scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], filter });
    for (const reply of [byGet, bySearch])
      expectError(
        reply,
        [400, 403],
        ...(reply.status === 403 ? ['sensitive'] : ['invalidFilter', 'sensitive']),
      );
  });

  it('rule 20: an extension without values left is omitted with its URN (RFC 7643 3)', async () => {
    const { scim, user } = await seed();
    for (const parameters of [
      { excludedAttributes: `${ENTERPRISE}:department` },
      { attributes: 'userName' },
    ]) {
      const projected = await read(scim, withQuery(`/Users/${user.id}`, parameters));
      expect(projected[ENTERPRISE]).toBeUndefined();
      expect(projected.schemas).not.toContain(ENTERPRISE);
    }
  });
});

describe('rule 21: projection on every answer (RFC 7644 3.9)', () => {
  const expectOnlyUserName = (resource: Resource): void => {
    expect(resource.userName).toBe('ada');
    for (const absent of ['title', 'name', 'emails', ENTERPRISE]) expect(resource[absent]).toBeUndefined();
  };

  it('rule 21: POST, PUT, PATCH, GET, lists and .search project alike, storing everything (RFC 7644 3.9)', async () => {
    const { scim } = await server.organization();
    const created = await scim.post('/Users?attributes=userName', BODY);
    expectStatus(created, 201);
    expectOnlyUserName(created.body);
    const path = `/Users/${created.body.id}`;
    const put = await scim.put(`${path}?attributes=userName`, BODY);
    const patched = await scim.operations(`${path}?attributes=userName`, {
      op: 'replace',
      path: 'nickName',
      value: 'Countess',
    });
    const single = await scim.get(`${path}?attributes=userName`);
    for (const reply of [put, patched, single]) {
      expectStatus(reply, 200);
      expectOnlyUserName(reply.body);
    }
    const list = await read(
      scim,
      withQuery('/Users', { filter: 'userName eq "ada"', attributes: 'userName' }),
    );
    const search = await scim.post('/Users/.search', {
      schemas: [SEARCH_REQUEST],
      filter: 'userName eq "ada"',
      attributes: ['userName'],
    });
    for (const body of [list, search.body]) expectOnlyUserName(body.Resources[0]);

    expect(await read(scim, path)).toMatchObject({
      title: 'Countess',
      nickName: 'Countess',
      name: { givenName: 'Ada', familyName: 'Byron' },
      [ENTERPRISE]: { department: 'R&D' },
    });
  });

  it('rule 21: a projected answer still has Location and ETag (RFC 7644 3.3)', async () => {
    const { scim } = await server.organization();
    const created = await scim.post('/Users?attributes=userName', BODY);
    expect(created.headers.get('location')).toMatch(new RegExp(`/scim/v2/Users/${created.body.id}$`));
    expect(created.headers.get('etag')).toMatch(/^W\/"/);
  });

  it('rule 21: excludedAttributes=members hides members and keeps them (Microsoft Entra)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim, { members: [{ value: user.id }] });
    const single = await read(scim, `/Groups/${group.id}?excludedAttributes=members`);
    const list = await read(
      scim,
      withQuery('/Groups', {
        excludedAttributes: 'members',
        filter: `displayName eq "${group.displayName}"`,
      }),
    );
    for (const projected of [single, list.Resources[0]]) {
      expect(projected).toMatchObject({ id: group.id, displayName: group.displayName });
      expect(projected.members).toBeUndefined();
    }
    expect((await read(scim, `/Groups/${group.id}`)).members).toHaveLength(1);
  });

  it('rule 21: PATCH on a group with a projection answers 200 and the resource (RFC 7644 3.5.2)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim);
    const group = await createGroup(scim);
    const operation = { op: 'add', path: 'members', value: [{ value: user.id }] };
    const reply = await scim.operations(`/Groups/${group.id}?excludedAttributes=members`, operation);
    expectStatus(reply, 200);
    expect(reply.body).toMatchObject({ id: group.id, displayName: group.displayName });
    expect(reply.body.members).toBeUndefined();
    expect((await read(scim, `/Groups/${group.id}`)).members).toMatchObject([{ value: user.id }]);
  });
});
