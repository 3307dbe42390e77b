import { beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { CreateProjectInput, Project, ProjectMember } from '../../src/directory/projects/project.js';
import type { ProjectService } from '../../src/directory/projects/project-service.js';
import type { ProjectQuery } from '../../src/directory/projects/project-store.js';
import { newId } from '../../src/kernel/ids.js';
import { expectStatus } from '../conformance/rfc/support/assertions.js';
import type { TestOrganization } from '../support/server.js';
import { AuditTrail } from './support/audit-trail.js';
import { useServer } from './support/use-server.js';

const TEAM_ROLES = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User:teamRoles';
const server = useServer();
let organization: TestOrganization;
let projects: ProjectService;
let serial = 0;

beforeAll(async () => {
  organization = await server().organization();
  ({ projects } = server().services);
});

const name = (stem: string): string => `${stem}-${(serial += 1)}`;

async function post(endpoint: string, body: object): Promise<string> {
  const reply = await organization.scim.post(endpoint, body);
  expectStatus(reply, 201);
  return String(reply.body.id);
}

const person = () => post('/Users', { userName: name('person') });

const team = (...members: readonly string[]) =>
  post('/Groups', { displayName: name('team'), members: members.map((value) => ({ value })) });

async function setTeamRole(userId: string, teamId: string, roleName: string): Promise<void> {
  const change = { op: 'replace', path: TEAM_ROLES, value: [{ teamId, roleName }] };
  expectStatus(await organization.scim.operations(`/Users/${userId}`, change), 200);
}

async function serviceAccount(accountType: 'SERVICE' | 'ORG_SERVICE', teamId: string): Promise<string> {
  const { body } = await organization.scim.get(`/Groups/${teamId}`);
  return post('/Users', {
    userName: name('robot'),
    accountType,
    defaultTeam: body.displayName,
  });
}

async function setPrivacy(teamId: string, keepsPrivate: boolean): Promise<void> {
  const { db } = server().database.connection;
  await sql`update teams set keeps_projects_private = ${keepsPrivate} where id = ${teamId}::uuid`.execute(db);
}

/** Sets what the organization enforces while the work runs. */
async function enforcing(privacy: 'private' | 'restricted', work: () => Promise<void>): Promise<void> {
  const { db } = server().database.connection;
  const set = (value: string | null) =>
    sql`update organizations set enforced_project_privacy = ${value} where id = ${organization.id}::uuid`.execute(
      db,
    );
  await set(privacy);
  try {
    await work();
  } finally {
    await set(null);
  }
}

const make = (input: Pick<CreateProjectInput, 'teamId' | 'ownerId'> & Partial<CreateProjectInput>) =>
  projects.create(organization.context, {
    name: name('project'),
    visibility: undefined,
    invitedIds: [],
    ...input,
  });

/** A team of an owner, who is its admin, and a member, with a project. */
async function scene(visibility: Project['visibility'] = 'team') {
  const [owner, member] = [await person(), await person()];
  const teamId = await team(owner, member);
  await setTeamRole(owner, teamId, 'admin');
  const project = await make({ teamId, ownerId: owner, visibility });
  return { owner, member, teamId, project };
}

async function memberOf(project: Project, userId: string): Promise<ProjectMember | undefined> {
  return projects.member(organization.id, project.id, userId).catch(() => undefined);
}

const setRole = (project: Project, userId: string, role: string | undefined) =>
  projects.setMemberRole(organization.context, project.id, userId, role);
const update = (project: Project, change: Parameters<ProjectService['update']>[2]) =>
  projects.update(organization.context, project.id, change, undefined);
const failsWith = (code: string, field?: string) =>
  expect.objectContaining({ code, ...(field === undefined ? {} : { field }) });

describe('visibility of projects (product model 8.2)', () => {
  it('1: is set at creation or by an edit, and is that of the team when nothing is said', async () => {
    const { project } = await scene();
    expect((await make({ teamId: project.teamId, ownerId: project.ownerId })).visibility).toBe('team');
    for (const visibility of ['open', 'public', 'restricted', 'team'] as const)
      expect(await update(project, { visibility })).toMatchObject({ visibility });
  });

  it('2: "all future projects private" leaves team and restricted only; what is open stays open', async () => {
    const { project, teamId, owner } = await scene('open');
    const inside = await make({ teamId, ownerId: owner, visibility: 'team' });
    await setPrivacy(teamId, true);
    for (const visibility of ['open', 'public'] as const) {
      const refused = failsWith('project.visibility_forbidden', 'visibility');
      await expect(make({ teamId, ownerId: owner, visibility })).rejects.toEqual(refused);
      await expect(update(inside, { visibility })).rejects.toEqual(refused);
    }
    expect(await update(project, { name: name('renamed') })).toMatchObject({ visibility: 'open' });
    for (const visibility of ['team', 'restricted'] as const)
      expect(await make({ teamId, ownerId: owner, visibility })).toMatchObject({ visibility });
  });

  it('2: what the organization enforces goes before the team (product model 10)', async () => {
    const { teamId, owner } = await scene();
    await enforcing('private', async () => {
      await expect(make({ teamId, ownerId: owner, visibility: 'public' })).rejects.toEqual(
        failsWith('project.visibility_forbidden'),
      );
      expect(await make({ teamId, ownerId: owner, visibility: 'team' })).toMatchObject({
        visibility: 'team',
      });
    });
    await enforcing('restricted', async () => {
      await expect(make({ teamId, ownerId: owner, visibility: 'team' })).rejects.toEqual(
        failsWith('project.visibility_forbidden'),
      );
      expect(await make({ teamId, ownerId: owner })).toMatchObject({ visibility: 'restricted' });
    });
  });

  it('3: from team to restricted everyone but the owner is out, from restricted to team every member is in', async () => {
    const { project, owner, member } = await scene();
    await update(project, { visibility: 'restricted' });
    expect(await memberOf(project, owner)).toMatchObject({ isInvited: true });
    expect(await memberOf(project, member)).toBeUndefined();
    await projects.invite(organization.context, project.id, [member]);
    expect(await memberOf(project, member)).toMatchObject({ isInvited: true });
    await update(project, { visibility: 'team' });
    expect(await memberOf(project, member)).toMatchObject({ isInvited: false, projectRole: 'member' });
    await update(project, { visibility: 'restricted' });
    expect(await memberOf(project, member)).toBeUndefined();
  });

  it('3: who is taken off the list of a restricted project is out', async () => {
    const { project, member } = await scene('restricted');
    await projects.invite(organization.context, project.id, [member]);
    await projects.uninvite(organization.context, project.id, member);
    expect(await memberOf(project, member)).toBeUndefined();
    await expect(projects.uninvite(organization.context, project.id, member)).rejects.toEqual(
      failsWith('project.not_invited'),
    );
  });

  it('4: a restricted project can be opened to its team whatever the privacy settings are', async () => {
    const { project, teamId } = await scene('restricted');
    await setPrivacy(teamId, true);
    await enforcing('restricted', async () => {
      expect(await update(project, { visibility: 'team' })).toMatchObject({ visibility: 'team' });
    });
  });

  it('6: a service account is in a restricted project only when invited', async () => {
    const { project, teamId } = await scene('restricted');
    const elsewhere = await team();
    for (const [kind, home] of [
      ['SERVICE', teamId],
      ['ORG_SERVICE', elsewhere],
    ] as const) {
      const robot = await serviceAccount(kind, home);
      expect(await memberOf(project, robot)).toBeUndefined();
      await projects.invite(organization.context, project.id, [robot]);
      expect(await memberOf(project, robot)).toMatchObject({ isInvited: true, projectRole: 'service' });
    }
  });

  it('6: a service account of another team cannot be invited', async () => {
    const { project } = await scene('restricted');
    const robot = await serviceAccount('SERVICE', await team());
    await expect(projects.invite(organization.context, project.id, [robot])).rejects.toEqual(
      failsWith('project.not_a_team_member', 'userIds'),
    );
  });

  it('8: a project whose owner left the team says so, and gets a new owner from the team', async () => {
    const { project, teamId, owner, member } = await scene('restricted');
    expect(project.isOwnerInTeam).toBe(true);
    const change = { op: 'remove', path: `members[value eq "${owner}"]` };
    expectStatus(await organization.scim.operations(`/Groups/${teamId}`, change), 204);
    expect(await projects.get(organization.id, project.id)).toMatchObject({
      ownerId: owner,
      isOwnerInTeam: false,
    });
    expect(await update(project, { ownerId: member })).toMatchObject({
      ownerId: member,
      isOwnerInTeam: true,
    });
    expect(await memberOf(project, member)).toMatchObject({ isInvited: true });
  });

  it('8: the owner is a member of the team who is not View-Only', async () => {
    const { project, teamId, member } = await scene();
    await setTeamRole(member, teamId, 'viewer');
    await expect(update(project, { ownerId: member })).rejects.toEqual(
      failsWith('project.invalid', 'ownerId'),
    );
    for (const stranger of [await person(), newId(Date.now()), 'not an id'])
      await expect(update(project, { ownerId: stranger })).rejects.toEqual(
        failsWith('project.not_a_team_member', 'ownerId'),
      );
  });
});

describe('project roles (product model 8.3)', () => {
  it('exist on team and restricted projects only', async () => {
    const { project, member } = await scene('public');
    await expect(setRole(project, member, 'admin')).rejects.toEqual(failsWith('project.no_project_roles'));
    await update(project, { visibility: 'team' });
    await setRole(project, member, 'admin');
    await update(project, { visibility: 'open' });
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'member', ownRole: 'admin' });
  });

  it('a: are the team role by default, for everybody', async () => {
    const { project, owner, member } = await scene();
    expect(await memberOf(project, owner)).toMatchObject({ projectRole: 'admin', ownRole: undefined });
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'member', ownRole: undefined });
  });

  it('b: cannot differ for who is View-Only in the team', async () => {
    const { project, teamId, member } = await scene();
    await setTeamRole(member, teamId, 'viewer');
    await expect(setRole(project, member, 'member')).rejects.toEqual(failsWith('project.role_follows_team'));
    await setRole(project, member, 'viewer');
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'viewer', ownRole: undefined });
  });

  it('b: are hidden while the team role is View-Only, and come back when it is raised (decisions 7)', async () => {
    const { project, teamId, member } = await scene();
    await setRole(project, member, 'admin');
    await setTeamRole(member, teamId, 'viewer');
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'viewer', ownRole: 'admin' });
    await setTeamRole(member, teamId, 'member');
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'admin', ownRole: 'admin' });
  });

  it('c: follow the team role when they are equal', async () => {
    const { project, teamId, member } = await scene();
    await setRole(project, member, 'Member');
    expect(await memberOf(project, member)).toMatchObject({ ownRole: undefined });
    await setTeamRole(member, teamId, 'admin');
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'admin' });
  });

  it.each(['team', 'restricted'] as const)(
    'c: follow the team role from the moment it has become equal to them, in a %s project',
    async (visibility) => {
      const { project, teamId, member } = await scene(visibility);
      if (visibility === 'restricted') await projects.invite(organization.context, project.id, [member]);
      await setRole(project, member, 'admin');
      await setTeamRole(member, teamId, 'admin');
      expect(await memberOf(project, member)).toMatchObject({ projectRole: 'admin', ownRole: undefined });
      await setTeamRole(member, teamId, 'member');
      expect(await memberOf(project, member)).toMatchObject({ projectRole: 'member' });
    },
  );

  it('c: follow a custom team role only when it is the same one', async () => {
    const { project, teamId, member } = await scene();
    const [one, other] = [name('role'), name('role')];
    for (const role of [one, other]) await post('/Roles', { name: role, inheritedFrom: 'member' });
    await setRole(project, member, one);
    await setTeamRole(member, teamId, other);
    expect(await memberOf(project, member)).toMatchObject({ projectRole: one, teamRole: other });
    await setTeamRole(member, teamId, one);
    expect(await memberOf(project, member)).toMatchObject({ projectRole: one, ownRole: undefined });
  });

  it('d: stay as they are when they differ and the team role changes', async () => {
    const { project, teamId, member } = await scene();
    await setRole(project, member, 'viewer');
    await setTeamRole(member, teamId, 'admin');
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'viewer', ownRole: 'viewer' });
    await setRole(project, member, undefined);
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'admin' });
  });

  it('e: are gone for who is removed from a restricted project and added again', async () => {
    const { project, member } = await scene('restricted');
    await expect(setRole(project, member, 'admin')).rejects.toEqual(failsWith('project.not_invited'));
    await projects.invite(organization.context, project.id, [member]);
    await setRole(project, member, 'admin');
    await projects.uninvite(organization.context, project.id, member);
    await projects.invite(organization.context, project.id, [member]);
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'member', ownRole: undefined });
  });

  it('e: are gone for who leaves the team and comes back', async () => {
    const { project, teamId, member } = await scene('restricted');
    await projects.invite(organization.context, project.id, [member]);
    await setRole(project, member, 'admin');
    for (const op of ['remove', 'add'])
      expectStatus(
        await organization.scim.operations(
          `/Groups/${teamId}`,
          op === 'add'
            ? { op, path: 'members', value: [{ value: member }] }
            : { op, path: `members[value eq "${member}"]` },
        ),
        204,
      );
    expect(await memberOf(project, member)).toBeUndefined();
    await projects.invite(organization.context, project.id, [member]);
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'member', ownRole: undefined });
  });

  it('f: are told from the team role in the list of members, and a change counts at once', async () => {
    const { project, member } = await scene();
    await setRole(project, member, 'admin');
    expect(await memberOf(project, member)).toMatchObject({
      teamRole: 'member',
      projectRole: 'admin',
      ownRole: 'admin',
    });
  });

  it('of service accounts do not exist', async () => {
    const { project, teamId } = await scene();
    const robot = await serviceAccount('SERVICE', teamId);
    await expect(setRole(project, robot, 'admin')).rejects.toEqual(failsWith('project.role_follows_team'));
  });

  it('that are a custom role fall back to the role it inherits from when it is deleted', async () => {
    const { project, owner, member } = await scene();
    const role = name('role');
    const roleId = await post('/Roles', { name: role, inheritedFrom: 'member' });
    await setRole(project, owner, role);
    await setRole(project, member, role);
    const moved = await server().services.roles.delete(
      organization.context,
      { organizationId: organization.id, connectionId: undefined, baseUrl: '' },
      roleId,
      undefined,
    );
    expect(moved).toEqual({ holdersMoved: 2, movedTo: 'member' });
    expect(await memberOf(project, owner)).toMatchObject({ projectRole: 'member', ownRole: 'member' });
    expect(await memberOf(project, member)).toMatchObject({ projectRole: 'member', ownRole: undefined });
  });

  it('are by a name that exists', async () => {
    const { project, member } = await scene();
    await expect(setRole(project, member, 'nobody')).rejects.toEqual(
      failsWith('project.role_unknown', 'role'),
    );
  });
});

describe('projects of a team', () => {
  it('have different names in any case; an archived one frees its name and takes it back when it can', async () => {
    const { project, teamId, owner } = await scene();
    const again = { teamId, ownerId: owner, name: project.name.toUpperCase() };
    await expect(make(again)).rejects.toEqual(failsWith('project.name_taken', 'name'));
    await projects.archive(organization.context, project.id, project.version);
    await expect(update(project, { name: 'x' })).rejects.toEqual(failsWith('project.not_found'));
    const second = await make(again);
    await expect(projects.restore(organization.context, project.id)).rejects.toEqual(
      failsWith('project.name_taken'),
    );
    await projects.archive(organization.context, second.id, undefined);
    expect(await projects.restore(organization.context, project.id)).toMatchObject({ archivedAt: undefined });
  });

  it('may have the name of a project in another team', async () => {
    const [first, second] = [await scene(), await scene()];
    const twin = await make({ teamId: second.teamId, ownerId: second.owner, name: first.project.name });
    expect(twin.name).toBe(first.project.name);
  });

  it('are not those of another organization', async () => {
    const { project, teamId, owner } = await scene();
    const stranger = await server().organization();
    await expect(projects.get(stranger.id, project.id)).rejects.toEqual(failsWith('project.not_found'));
    await expect(projects.archive(stranger.context, project.id, undefined)).rejects.toEqual(
      failsWith('project.not_found'),
    );
    const foreign = { teamId, ownerId: owner, name: 'x', visibility: undefined, invitedIds: [] };
    await expect(projects.create(stranger.context, foreign)).rejects.toEqual(
      failsWith('team.not_found', 'teamId'),
    );
  });

  it('refuse a change of a version that is gone', async () => {
    const { project } = await scene();
    await update(project, { name: name('renamed') });
    await expect(
      projects.update(organization.context, project.id, { name: 'x' }, project.version),
    ).rejects.toEqual(failsWith('resource.version_mismatch'));
  });

  it('leave one audit event for each change, and none for what changes nothing', async () => {
    const { project, member } = await scene();
    const trail = await AuditTrail.start(server(), organization.id);
    const events = async (work: Promise<unknown>) => {
      await work;
      return (await trail.news()).map(({ action, before, after }) => ({ action, before, after }));
    };
    expect(await events(update(project, { visibility: 'restricted', name: project.name }))).toEqual([
      { action: 'project:update', before: { visibility: 'team' }, after: { visibility: 'restricted' } },
    ]);
    expect(await events(update(project, { visibility: 'restricted' }))).toEqual([]);
    expect(await events(projects.invite(organization.context, project.id, [member, member]))).toEqual([
      { action: 'project:update_members', before: undefined, after: { invited: [member] } },
    ]);
    expect(await events(projects.invite(organization.context, project.id, [member]))).toEqual([]);
    expect(await events(setRole(project, member, 'admin'))).toEqual([
      {
        action: 'project:update_members',
        before: { userId: member, isInvited: true },
        after: { userId: member, isInvited: true, role: { role: 'admin' } },
      },
    ]);
    expect(await events(setRole(project, member, 'admin'))).toEqual([]);
    expect(await events(projects.uninvite(organization.context, project.id, member))).toMatchObject([
      { action: 'project:update_members', after: { userId: member, isInvited: false } },
    ]);
    expect(await events(projects.archive(organization.context, project.id, undefined))).toMatchObject([
      { action: 'project:archive', before: { name: project.name } },
    ]);
    expect(await events(projects.restore(organization.context, project.id))).toMatchObject([
      { action: 'project:restore' },
    ]);
  });
});

describe('the list of projects', () => {
  const query: ProjectQuery = {
    teamId: undefined,
    visibility: undefined,
    ownerId: undefined,
    search: undefined,
    isArchived: false,
    readerId: undefined,
    sort: { key: 'createdAt', descending: false },
    after: undefined,
    limit: 100,
  };

  it.each([
    ['createdAt', false],
    ['createdAt', true],
    ['name', false],
    ['name', true],
  ] as const)(
    'sorted by %s (descending: %s) has no repeats and no gaps between pages',
    async (sort, descending) => {
      const { teamId, owner, project } = await scene();
      const made = [project];
      for (const stem of ['b', 'Ä', 'a', 'C'])
        made.push(await make({ teamId, ownerId: owner, name: name(stem) }));
      const seen: string[] = [];
      let after: ProjectQuery['after'];
      do {
        const page = await projects.list(organization.id, {
          ...query,
          teamId,
          sort: { key: sort, descending },
          after,
          limit: 2,
        });
        expect(page.total).toBe(5);
        seen.push(...page.items.map(({ id }) => id));
        after = page.next;
      } while (after);
      expect([...seen].sort()).toEqual(made.map(({ id }) => id).sort());
      if (sort === 'createdAt')
        expect(descending ? [...seen].reverse() : seen).toEqual(made.map(({ id }) => id));
    },
  );

  it('is narrowed by team, visibility, owner, a part of the name, and being archived', async () => {
    const { teamId, owner, project } = await scene('public');
    const archived = await make({ teamId, ownerId: owner });
    await projects.archive(organization.context, archived.id, undefined);
    const ids = async (more: Partial<ProjectQuery>) =>
      (await projects.list(organization.id, { ...query, teamId, ...more })).items.map(({ id }) => id);
    expect(await ids({})).toEqual([project.id]);
    expect(await ids({ isArchived: true })).toEqual([archived.id]);
    expect(await ids({ visibility: 'team' })).toEqual([]);
    expect(await ids({ visibility: 'public', ownerId: owner })).toEqual([project.id]);
    expect(await ids({ search: project.name.slice(2).toUpperCase() })).toEqual([project.id]);
    expect(await ids({ search: '%' })).toEqual([]);
  });

  it('shows a person what is visible: open, public, of the own teams, and restricted where invited or admin', async () => {
    const { teamId, owner, member } = await scene();
    const stranger = await person();
    const made: Record<string, string> = {};
    for (const visibility of ['open', 'public', 'team', 'restricted'] as const)
      made[visibility] = (await make({ teamId, ownerId: owner, visibility })).id;
    const seen = async (readerId: string) => {
      const { items } = await projects.list(organization.id, { ...query, teamId, readerId });
      return Object.keys(made).filter((key) => items.some(({ id }) => id === made[key]));
    };
    expect(await seen(stranger)).toEqual(['open', 'public']);
    expect(await seen(member)).toEqual(['open', 'public', 'team']);
    expect(await seen(owner)).toEqual(['open', 'public', 'team', 'restricted']);
    await projects.invite(organization.context, made['restricted'] ?? '', [member]);
    expect(await seen(member)).toContain('restricted');
  });
});
