import { expect, it } from '@jest/globals';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import { createGroup, createUser, read } from '../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../conformance/rfc/support/urns.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { ScimClient } from '../support/scim-client.js';
import { atOnce, range, tally, useReplicas } from './support/replicas.js';

const roleOf = async (scim: ScimClient, id: string): Promise<unknown> =>
  (await read(scim, `/Users/${id}`))[ROLLCALL].organizationRole;

const push = (op: 'add' | 'remove', value: string) =>
  op === 'add' ? { op, path: 'members', value: [{ value }] } : { op, path: `members[value eq "${value}"]` };

describeOnPostgres('groups that give roles, pushed at once', () => {
  const replicas = useReplicas();

  /** An organization with rules by group name, made before anybody uses its token. */
  const organization = async (rules: Readonly<Record<string, string>>) => {
    const made = await replicas().organization();
    const [rest] = await replicas().apis(made);
    for (const [groupName, organizationRole] of Object.entries(rules)) {
      const body = { connectionId: made.connectionId, groupName, organizationRole };
      expectStatus(await rest.post('/mapping-rules', body), 201);
    }
    return made;
  };

  it('of two groups that one person gets into at once, the highest role holds', async () => {
    const { clients } = await organization({ low: 'viewer', high: 'admin' });
    const groups = [
      (await createGroup(clients[0], { displayName: 'low' })).id as string,
      (await createGroup(clients[0], { displayName: 'high' })).id as string,
    ];
    const people = await Promise.all(range(12).map(async () => (await createUser(clients[0])).id as string));
    const pushes = people.flatMap((person) => groups.map((group) => ({ person, group })));
    const replies = await atOnce(clients, pushes, (scim, { person, group }) =>
      scim.operations(`/Groups/${group}`, push('add', person)),
    );
    expect(tally(replies)).toEqual({ 204: pushes.length });
    for (const person of people) expect(await roleOf(clients[0], person)).toBe('admin');
  });

  it('who leaves one group while getting into another has what the other gives', async () => {
    const { clients } = await organization({ low: 'viewer', high: 'admin' });
    const people = await Promise.all(range(12).map(async () => (await createUser(clients[0])).id as string));
    const low = (await createGroup(clients[0], { displayName: 'low' })).id as string;
    const members = people.map((value) => ({ value }));
    const high = (await createGroup(clients[0], { displayName: 'high', members })).id as string;
    const pushes = people.flatMap((person) => [
      { group: high, operation: push('remove', person) },
      { group: low, operation: push('add', person) },
    ]);
    const replies = await atOnce(clients, pushes, (scim, { group, operation }) =>
      scim.operations(`/Groups/${group}`, operation),
    );
    expect(tally(replies)).toEqual({ 204: pushes.length });
    for (const person of people) expect(await roleOf(clients[0], person)).toBe('viewer');
  });

  it('of admins who are all demoted at once, one stays', async () => {
    const { clients, adminId } = await organization({ 'readers-1': 'viewer', 'readers-2': 'viewer' });
    const other = (await createUser(clients[0], { organizationRole: 'admin' })).id as string;
    const pushes = [];
    for (const [index, person] of [adminId, other].entries()) {
      const { id } = await createGroup(clients[0], { displayName: `readers-${index + 1}` });
      pushes.push({ group: String(id), person });
    }
    const replies = await atOnce(clients, pushes, (scim, { person, group }) =>
      scim.operations(`/Groups/${group}`, push('add', person)),
    );
    expect(tally(replies)).toEqual({ 204: 2 });
    const roles = [await roleOf(clients[0], adminId), await roleOf(clients[0], other)];
    expect(roles.sort()).toEqual(['admin', 'viewer']);
  });
});
