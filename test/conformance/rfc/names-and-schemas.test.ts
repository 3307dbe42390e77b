import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from './support/assertions.js';
import { createUser, matching, query, read } from './support/resources.js';
import { ENTERPRISE, USER } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

describe('attribute names', () => {
  it('rule 1: takes names in any case in a body and answers them in canonical case (RFC 7643 2.1)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, {
      userName: undefined,
      USERNAME: 'ada',
      NAME: { GIVENNAME: 'Ada' },
      Emails: [{ VALUE: 'ada@example.com', Primary: true }],
    });
    for (const resource of [user, await read(scim, `/Users/${user.id}`)])
      expect(resource).toMatchObject({
        userName: 'ada',
        name: { givenName: 'Ada' },
        emails: [{ value: 'ada@example.com', primary: true }],
      });
    expect(Object.keys(user)).not.toContain('USERNAME');
  });

  it('rule 1: takes names and operators in any case in filters (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'ada', emails: [{ value: 'ada@example.com', type: 'work' }] });
    expect(await matching(scim, '/Users', 'USERNAME EQ "ada"')).toEqual(['ada']);
    expect(await matching(scim, '/Users', 'Emails[TYPE Eq "work" AND Value Co "ada"]')).toEqual(['ada']);
    expect(await matching(scim, '/Users', 'EMAILS.Type pR and userName eq "ada"')).toEqual(['ada']);
  });

  it('rule 1: takes names in any case in PATCH paths and values (RFC 7644 3.10)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { emails: [{ value: 'old@example.com', type: 'work' }] });
    expectStatus(
      await scim.operations(
        `/Users/${user.id}`,
        { op: 'replace', path: 'NAME.givenname', value: 'Ada' },
        { op: 'replace', path: 'EMAILS[TYPE eq "work"].VALUE', value: 'new@example.com' },
        { op: 'replace', value: { NICKNAME: 'Countess' } },
      ),
      200,
    );
    expect(await read(scim, `/Users/${user.id}`)).toMatchObject({
      name: { givenName: 'Ada' },
      emails: [{ value: 'new@example.com' }],
      nickName: 'Countess',
    });
  });

  it('rule 1: takes names in any case in attributes and sortBy (RFC 7644 3.10)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'b', title: 'x' });
    await createUser(scim, { userName: 'a', title: 'x' });
    const users = await query(scim, '/Users', {
      filter: 'title eq "x"',
      sortBy: 'USERNAME',
      attributes: 'USERname',
    });
    expect(users.map((user) => user.userName)).toEqual(['a', 'b']);
    expect(users[0].title).toBeUndefined();
  });

  it('rule 1: two keys that differ only by case are 400 invalidSyntax (RFC 7643 2.1)', async () => {
    const { scim } = await server.organization();
    const top = await scim.post('/Users', { schemas: [USER], userName: 'a', USERNAME: 'b' });
    expectError(top, 400, 'invalidSyntax');
    const nested = await scim.post('/Users', {
      schemas: [USER],
      userName: 'a',
      name: { givenName: 'A', GivenName: 'B' },
    });
    expectError(nested, 400, 'invalidSyntax');
    expect(await matching(scim, '/Users', 'userName eq "a" or userName eq "b"')).toEqual([]);
  });

  it('rule 2: takes URN-prefixed names, the URN in any case, in filters (RFC 7644 3.10)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, {
      userName: 'ada',
      name: { givenName: 'Ada' },
      [ENTERPRISE]: { department: 'R&D' },
    });
    for (const filter of [
      `${USER}:userName eq "ada"`,
      `${USER}:name.givenName eq "Ada"`,
      `${USER.toUpperCase()}:NAME.GIVENNAME eq "Ada"`,
      `${ENTERPRISE}:department eq "R&D"`,
      `${ENTERPRISE.toUpperCase()}:department eq "R&D"`,
    ])
      expect([filter, await matching(scim, '/Users', filter)]).toEqual([filter, ['ada']]);
  });

  it('rule 2: takes URN-prefixed names in PATCH paths, attributes and sortBy (RFC 7644 3.10)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: 'ada' });
    expectStatus(
      await scim.operations(
        `/Users/${user.id}`,
        { op: 'add', path: `${USER}:name.givenName`, value: 'Ada' },
        { op: 'add', path: `${ENTERPRISE}:department`, value: 'R&D' },
      ),
      200,
    );
    const [found] = await query(scim, '/Users', {
      filter: 'userName eq "ada"',
      attributes: `${USER}:name.givenName,${ENTERPRISE}:department`,
      sortBy: `${USER}:name.givenName`,
    });
    expect(found).toMatchObject({ name: { givenName: 'Ada' }, [ENTERPRISE]: { department: 'R&D' } });
    expect(found.userName).toBeUndefined();
  });
});

describe('schemas', () => {
  it('rule 3: infers an extension from its key and lists it on output (RFC 7643 3)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { schemas: [USER], [ENTERPRISE]: { department: 'R&D' } });
    expect(user.schemas).toEqual(expect.arrayContaining([USER, ENTERPRISE]));
    expect((await read(scim, `/Users/${user.id}`))[ENTERPRISE]).toEqual({ department: 'R&D' });
  });

  it('rule 3: drops the URN with the last value of the extension (RFC 7643 3)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { [ENTERPRISE]: { department: 'R&D' } });
    expectStatus(
      await scim.operations(`/Users/${user.id}`, { op: 'remove', path: `${ENTERPRISE}:department` }),
      200,
    );
    const after = await read(scim, `/Users/${user.id}`);
    expect(after.schemas).not.toContain(ENTERPRISE);
    expect(after[ENTERPRISE]).toBeUndefined();
  });

  it('rule 3: an extension declared in schemas but without values is not listed on output (RFC 7643 3)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { schemas: [USER, ENTERPRISE] });
    expect(user.schemas).not.toContain(ENTERPRISE);
  });

  const FOREIGN = [
    'urn:scim:schemas:core:1.0',
    'urn:example:made:up',
    'http://schemas.example.com/ADSCIM/2.0/User',
  ];

  it('rule 4: a lenient connection ignores unknown and 1.x URIs and never echoes them (RFC 7643 3)', async () => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { schemas: [USER, ...FOREIGN] });
    const stored = await read(scim, `/Users/${user.id}`);
    for (const urn of FOREIGN) {
      expect(user.schemas).not.toContain(urn);
      expect(stored.schemas).not.toContain(urn);
    }
    expect(stored.schemas).toContain(USER);
  });

  it.each(FOREIGN)('rule 4: a strict connection refuses %s with 400 (RFC 7643 3)', async (urn) => {
    const { scim } = await server.organization({ mode: 'strict' });
    const reply = await scim.post('/Users', { schemas: [USER, urn], userName: 'strict' });
    expectError(reply, 400, 'invalidSyntax', 'invalidValue');
    expect(await matching(scim, '/Users', 'userName eq "strict"')).toEqual([]);
  });
});
