import { describe, expect, it } from '@jest/globals';
import type { ScimClient } from '../../support/scim-client.js';
import { expectError, expectStatus } from './support/assertions.js';
import { createUser, query, withQuery } from './support/resources.js';
import { ENTERPRISE } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

/** Creates users marked for sorting, in the given order. */
async function seed(...users: readonly object[]): Promise<ScimClient> {
  const { scim } = await server.organization();
  for (const user of users) await createUser(scim, { nickName: 'sorted', ...user });
  return scim;
}

const sorted = async (scim: ScimClient, sortBy: string, sortOrder?: string): Promise<string[]> => {
  const users = await query(scim, '/Users', {
    filter: 'nickName eq "sorted"',
    sortBy,
    ...(sortOrder === undefined ? {} : { sortOrder }),
  });
  return users.map((user) => user.userName);
};

describe('rule 18: sorting (RFC 7644 3.4.2.3)', () => {
  it('rule 18: ascending is the default, in any case of the letters (RFC 7644 3.4.2.3)', async () => {
    const scim = await seed({ userName: 'b' }, { userName: 'C' }, { userName: 'A' });
    expect(await sorted(scim, 'userName')).toEqual(['A', 'b', 'C']);
    expect(await sorted(scim, 'userName', 'ascending')).toEqual(['A', 'b', 'C']);
    expect(await sorted(scim, 'userName', 'descending')).toEqual(['C', 'b', 'A']);
  });

  it('rule 18: a missing value comes last ascending and first descending (RFC 7644 3.4.2.3)', async () => {
    const scim = await seed(
      { userName: 'none' },
      { userName: 'two', title: 'b' },
      { userName: 'one', title: 'a' },
    );
    expect(await sorted(scim, 'title')).toEqual(['one', 'two', 'none']);
    expect(await sorted(scim, 'title', 'descending')).toEqual(['none', 'two', 'one']);
  });

  it('rule 18: a multi-valued attribute sorts by its primary, else its first value (RFC 7644 3.4.2.3)', async () => {
    const scim = await seed(
      { userName: 'm', emails: [{ value: 'm@ex.test' }] },
      { userName: 'first', emails: [{ value: 'b@ex.test' }, { value: 'aa@ex.test' }] },
      { userName: 'primary', emails: [{ value: 'z@ex.test' }, { value: 'a@ex.test', primary: true }] },
    );
    expect(await sorted(scim, 'emails.value')).toEqual(['primary', 'first', 'm']);
  });

  it('rule 18: sub-attributes, extension attributes and meta sort too (RFC 7644 3.4.2.3)', async () => {
    const scim = await seed(
      { userName: 'z', name: { familyName: 'Adams' }, [ENTERPRISE]: { department: '2' } },
      { userName: 'y', name: { familyName: 'Byron' }, [ENTERPRISE]: { department: '1' } },
    );
    expect(await sorted(scim, 'name.familyName')).toEqual(['z', 'y']);
    expect(await sorted(scim, `${ENTERPRISE}:department`)).toEqual(['y', 'z']);
    expect(await sorted(scim, 'meta.created')).toEqual(['z', 'y']);
    expect(await sorted(scim, 'meta.created', 'descending')).toEqual(['y', 'z']);
  });

  it('rule 18: a complex attribute needs a sub-attribute: 400 (RFC 7644 3.4.2.3)', async () => {
    const scim = await seed();
    expectError(await scim.get('/Users?sortBy=name'), 400);
  });

  it('rule 18: another sortOrder is 400 invalidValue (RFC 7644 3.4.2.3)', async () => {
    const scim = await seed();
    expectError(
      await scim.get(withQuery('/Users', { sortBy: 'userName', sortOrder: 'upwards' })),
      400,
      'invalidValue',
    );
  });

  it('rule 18: sortOrder without sortBy is ignored (RFC 7644 3.4.2.3)', async () => {
    const scim = await seed();
    expectStatus(await scim.get('/Users?sortOrder=descending'), 200);
  });

  it('rule 18: never sorts by a password (RFC 7643 7)', async () => {
    const scim = await seed({ userName: 'one', password: 'b' }, { userName: 'two', password: 'a' });
    const ascending = await scim.get('/Users?sortBy=password');
    const descending = await scim.get('/Users?sortBy=password&sortOrder=descending');
    for (const reply of [ascending, descending]) expect(reply.status).toBeLessThan(500);
    if (ascending.status === 200) expect(ascending.text).not.toContain('"password"');
  });
});
