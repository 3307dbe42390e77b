import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createRole } from '../conformance/rfc/support/resources.js';
import { ROLLCALL } from '../conformance/rfc/support/urns.js';
import { IdentityProvider } from '../persistence/support/sign-on.js';
import { oidcDraft } from '../persistence/support/sso-connections.js';
import { createPerson, createTeam } from '../protocol/api/support/people.js';
import type { ApiClient } from '../support/api-client.js';
import { LockHolder } from '../support/lock-holder.js';
import { describeOnPostgres } from '../support/real-postgres.js';
import type { Reply } from '../support/scim-client.js';
import { range, repeat, useReplicas } from './support/replicas.js';

describeOnPostgres('teams, changed at once over the admin REST API', () => {
  const replicas = useReplicas();

  /** A team that the admin runs, with one member, and a person beside it. */
  async function scene() {
    const organization = await replicas().organization();
    const [memberId, personId] = [await createPerson(organization), await createPerson(organization)];
    const teamId = await createTeam(organization, [organization.adminId, memberId]);
    const apis = await replicas().apis(organization);
    await expectDone(
      organization.scim.operations(`/Users/${organization.adminId}`, {
        op: 'add',
        path: 'teamRoles',
        value: [{ teamId, roleName: 'admin' }],
      }),
    );
    return { organization, apis, teamId, memberId, personId };
  }

  type Scene = Awaited<ReturnType<typeof scene>>;

  async function expectDone(request: Promise<Reply>): Promise<Reply> {
    const reply = await request;
    if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
    return reply;
  }

  const createProject = async (api: ApiClient, teamId: string, more: object = {}): Promise<string> =>
    (await expectDone(api.post('/projects', { teamId, name: `p-${randomUUID()}`, ...more }))).body.id;

  async function countRows(table: string, column: string, id: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where ${sql.ref(column)} = ${id}::uuid`.execute(
      replicas().servers[0].database.connection.db,
    );
    return rows[0]?.count ?? -1;
  }

  it('a member added over the API and removed over SCIM is in the team or not, with one event for each change', () =>
    repeat(4, async () => {
      const { organization, apis, teamId, personId } = await scene();
      const { body } = await organization.scim.get(`/Groups/${teamId}`);
      const replies = await Promise.all([
        ...range(3).map((n) =>
          (apis[n % 2] ?? apis[0]).post(`/teams/${teamId}/members`, { userId: personId }),
        ),
        organization.clients[1].operations(`/Groups/${teamId}`, {
          op: 'remove',
          path: `members[value eq "${personId}"]`,
        }),
        organization.clients[0].operations(`/Groups/${teamId}`, {
          op: 'add',
          path: 'members',
          value: [{ value: personId }],
        }),
      ]);
      // 404: added, and removed before it could be shown.
      for (const { status } of replies) expect([201, 204, 404, 409]).toContain(status);
      const { items } = (await apis[0].get(`/audit-events?targetId=${teamId}&limit=50`)).body;
      const changes = items.filter(({ action }: { action: string }) => action.includes('member'));
      const after = (await organization.scim.get(`/Groups/${teamId}`)).body;
      const versionOf = ({ meta }: { meta: { version: string } }) => Number(/"(\d+)/.exec(meta.version)?.[1]);
      expect(changes).toHaveLength(versionOf(after) - versionOf(body));
    }));

  interface RoleScene extends Scene {
    readonly role: { readonly id: string; readonly name: string };
    readonly projectId: string;
    readonly ssoConnectionId: string;
  }

  async function roleScene(): Promise<RoleScene> {
    const at = await scene();
    const { organization, apis, teamId } = at;
    const { services } = replicas().servers[0];
    return {
      ...at,
      role: await createRole(organization.scim, { inheritedFrom: 'viewer' }),
      projectId: await createProject(apis[0], teamId, { visibility: 'team' }),
      ssoConnectionId: (await services.ssoConnections.create(organization.context, oidcDraft('IdP'))).id,
    };
  }

  /** What gives somebody a role, at one replica. */
  const ASSIGNMENTS: Readonly<Record<string, (scene: RoleScene) => Promise<Reply>>> = {
    'a member gets it': ({ apis, teamId, memberId, role }) =>
      apis[0].patch(`/teams/${teamId}/members/${memberId}`, { role: role.name }),
    'somebody is added with it': ({ apis, teamId, personId, role }) =>
      apis[0].post(`/teams/${teamId}/members`, { userId: personId, role: role.name }),
    'a member gets it in a project': ({ apis, projectId, memberId, role }) =>
      apis[0].patch(`/projects/${projectId}/members/${memberId}`, { role: role.name }),
    'somebody is invited with it': ({ apis, teamId, role }) =>
      apis[0].post(`/teams/${teamId}/invitations`, { emails: ['new@example.com'], roleName: role.name }),
    'somebody is invited into the organization with it': ({ apis, teamId, role }) =>
      apis[0].post('/invitations', {
        emails: ['new@example.com'],
        teamRoles: [{ teamId, roleName: role.name }],
      }),
    'a mapping rule gives it': ({ apis, ssoConnectionId, teamId, role }) =>
      apis[0].post('/mapping-rules', {
        ssoConnectionId,
        groupName: 'g',
        match: 'exact',
        team: { id: teamId, role: 'custom', customRoleId: role.id },
      }),
  };

  it.each(Object.keys(ASSIGNMENTS))(
    'a role that is deleted while %s: refused, or as what it inherited from (product decision 7)',
    (name) =>
      repeat(4, async () => {
        const at = await roleScene();
        const [assigned, deleted] = await Promise.all([
          ASSIGNMENTS[name]?.(at),
          at.apis[1].delete(`/roles/${at.role.id}`),
        ]);
        expect(deleted.status).toBe(200);
        expect([200, 201, 400]).toContain(assigned?.status);
        if (assigned?.status === 400)
          expect(assigned.body.code).toMatch(/unknown_role|role_unknown|mapping_rule/);
        for (const table of ['team_members', 'project_members', 'invitation_teams', 'mapping_rules'])
          expect(await countRows(table, 'custom_role_id', at.role.id)).toBe(0);
      }),
  );

  /** What puts something into a team, at one replica. */
  const ADDITIONS: Readonly<Record<string, (scene: Scene) => Promise<Reply>>> = {
    'a member is added': ({ apis, teamId, personId }) =>
      apis[0].post(`/teams/${teamId}/members`, { userId: personId }),
    'a member is added over SCIM': ({ organization, teamId, personId }) =>
      organization.clients[0].operations(`/Groups/${teamId}`, {
        op: 'add',
        path: 'members',
        value: [{ value: personId }],
      }),
    'a member gets a role': ({ apis, teamId, memberId }) =>
      apis[0].patch(`/teams/${teamId}/members/${memberId}`, { role: 'viewer' }),
    'somebody is invited': ({ apis, teamId }) =>
      apis[0].post(`/teams/${teamId}/invitations`, { emails: ['new@example.com'] }),
    'a project is made': ({ apis, teamId }) => apis[0].post('/projects', { teamId, name: 'p' }),
    'a service account is made': ({ apis, teamId }) =>
      apis[0].post('/service-accounts', { name: 'robot', kind: 'team', teamId }),
  };

  it.each(Object.keys(ADDITIONS))(
    'a team that is archived while %s has nobody in it (product decision 6)',
    (name) =>
      repeat(5, async () => {
        const at = await scene();
        const [added, archived] = await Promise.all([
          ADDITIONS[name]?.(at),
          at.apis[1].delete(`/teams/${at.teamId}`),
        ]);
        expect(archived.status).toBe(204);
        expect([200, 201, 204, 400, 403, 404]).toContain(added?.status);
        expect(await countRows('team_members', 'team_id', at.teamId)).toBe(0);
      }),
  );

  /** Does `meanwhile` when `work` has read what it goes by and stands at a table that it writes later. */
  async function between<T>(
    table: string,
    work: () => Promise<T>,
    meanwhile: () => Promise<unknown>,
  ): Promise<T> {
    const locks = await LockHolder.connect(replicas().servers[0].database);
    try {
      let begun: Promise<T> | undefined;
      let other: Promise<unknown> | undefined;
      await locks.holding(`lock table ${table} in share mode`, async () => {
        begun = work();
        begun.catch(() => undefined);
        await locks.untilBlocked(1);
        other = meanwhile();
        // It may go first, or wait for the work.
        await Promise.race([other, locks.untilBlocked(2)]);
      });
      await other;
      if (!begun) throw new Error('the work has not begun');
      return await begun;
    } finally {
      await locks.close();
    }
  }

  /** What becomes of a promise of a custom role in a team, and the role that who was promised it has then. */
  const LOSSES: Readonly<
    Record<string, readonly [(scene: Scene, roleId: string) => Promise<Reply>, string | undefined]>
  > = {
    'its team is archived': [({ apis, teamId }) => apis[1].delete(`/teams/${teamId}`), undefined],
    'its role is deleted': [({ apis }, roleId) => apis[1].delete(`/roles/${roleId}`), 'viewer'],
  };

  /** Shown over SCIM; undefined when there is no membership, shown or not. */
  const roleOf = async ({ organization, teamId }: Scene, userId: string): Promise<string | undefined> => {
    const { teamRoles = [] } = (await organization.scim.get(`/Users/${userId}`)).body[ROLLCALL];
    const shown = teamRoles.find((entry: { teamId: string }) => entry.teamId === teamId)?.roleName;
    return shown ?? ((await countRows('team_members', 'user_id', userId)) > 0 ? 'hidden' : undefined);
  };

  const addressed = (name: string) => `${name}@example.com`;

  it.each(Object.entries(LOSSES))(
    'an invitation is accepted, by link or over SCIM, while %s',
    async (_, [lose, left]) => {
      const { services } = replicas().servers[0];
      for (const way of ['link', 'scim']) {
        const at = await scene();
        const role = await createRole(at.organization.scim, { inheritedFrom: 'viewer' });
        const made = await expectDone(
          at.apis[0].post('/invitations', {
            emails: [addressed(way)],
            teamRoles: [{ teamId: at.teamId, roleName: role.name }],
          }),
        );
        const link = String(made.body.items[0].link);
        const input = {
          secret: link.slice(link.lastIndexOf('/') + 1),
          password: 'correct horse battery staple',
          displayName: undefined,
        };
        const request = { requestId: 'test', sourceAddress: undefined };
        const accept = async (): Promise<string> =>
          way === 'link'
            ? (await services.acceptance.accept(request, input, () => Promise.resolve(undefined))).userId
            : (await expectDone(at.organization.clients[0].post('/Users', { userName: addressed(way) }))).body
                .id;
        const userId = await between('users', accept, () => expectDone(lose(at, role.id)));
        expect(await roleOf(at, userId)).toBe(left);
      }
    },
  );

  it.each(Object.entries(LOSSES))(
    'somebody whose group a rule maps signs in while %s',
    async (_, [lose, left]) => {
      const at = await scene();
      const [server] = replicas().servers;
      const role = await createRole(at.organization.scim, { inheritedFrom: 'viewer' });
      const provider = await IdentityProvider.create(server, at.organization);
      await server.services.mappingRules.create(at.organization.context, {
        source: { kind: 'sso_connection', id: provider.connection.id },
        groupName: 'staff',
        match: 'exact',
        organizationRole: undefined,
        team: { teamId: at.teamId, role: 'custom', customRoleId: role.id },
      });
      const outcome = await between(
        'identities',
        () => provider.signIn({ userName: 'grace', groups: ['staff'] }),
        () => expectDone(lose(at, role.id)),
      );
      if (outcome.kind !== 'signed_in') throw new Error(outcome.reason);
      expect(await roleOf(at, outcome.userId)).toBe(left);
    },
  );

  it('a new owner of a project who leaves the team at once owns it from outside, or does not get it', () =>
    repeat(5, async (round) => {
      const { apis, teamId, memberId, organization } = await scene();
      const visibility = round % 2 === 0 ? 'restricted' : 'team';
      const projectId = await createProject(apis[0], teamId, { visibility });
      const [given, removed] = await Promise.all([
        apis[0].patch(`/projects/${projectId}`, { ownerId: memberId }),
        apis[1].delete(`/teams/${teamId}/members/${memberId}`),
      ]);
      expect(removed.status).toBe(204);
      expect([200, 400]).toContain(given.status);
      const { body } = await apis[0].get(`/projects/${projectId}`);
      expect(body.ownerId).toBe(given.status === 200 ? memberId : organization.adminId);
      expect(await countRows('project_members', 'user_id', memberId)).toBe(0);
    }));

  it('a member who is invited to a restricted project and leaves the team at once is in neither', () =>
    repeat(4, async () => {
      const { apis, teamId, memberId } = await scene();
      const projectId = await createProject(apis[0], teamId, { visibility: 'restricted' });
      const [invited, removed] = await Promise.all([
        apis[0].post(`/projects/${projectId}/members`, { userId: memberId }),
        apis[1].delete(`/teams/${teamId}/members/${memberId}`),
      ]);
      expect(removed.status).toBe(204);
      expect([201, 400, 404]).toContain(invited.status);
      expect(await countRows('project_members', 'user_id', memberId)).toBe(0);
    }));
});
