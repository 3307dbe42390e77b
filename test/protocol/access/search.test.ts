import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Project } from '../../../src/directory/projects/project.js';
import { actionsOn } from '../../../src/directory/access/actions.js';
import { createPerson } from '../api/support/people.js';
import { useServer } from '../api/support/use-server.js';
import { AccessClient, createScene, type Scene } from './support.js';

const server = useServer();
let scene: Scene;
let projects: Readonly<Record<Project['visibility'], Project>>;

beforeAll(async () => {
  scene = await createScene(server());
  projects = {
    open: await scene.createProject('open'),
    public: await scene.createProject('public'),
    team: scene.project,
    restricted: await scene.createProject('restricted'),
  };
});

const search = (what: 'subject' | 'resource' | 'action', request: object) =>
  scene.access.post(`/search/${what}`, request);

/** Every result of every page, with the pages' sizes. */
async function all(what: 'subject' | 'resource' | 'action', request: object, limit: number) {
  const results: { type?: string; id?: string; name?: string }[] = [];
  const counts: number[] = [];
  let token: string | undefined;
  do {
    const page = token === undefined ? { limit } : { token };
    const reply = await search(what, { ...request, page });
    expect(reply.status).toBe(200);
    expect(reply.body.page.count).toBe(reply.body.results.length);
    results.push(...reply.body.results);
    counts.push(reply.body.page.count);
    token = reply.body.page.next_token;
  } while (token !== '');
  return { results, counts };
}

const onProject = (project: Project, name: string) => ({
  subject: { type: 'user' },
  action: { name },
  resource: { type: 'project', id: project.id },
});

describe('subject search (AuthZEN Authorization API 1.0, section 8.4)', () => {
  const people = async (project: Project, name: string) => {
    const reply = await search('subject', onProject(project, name));
    expect(reply.body.page.next_token).toBe('');
    return reply.body.results.map(({ type, id }: { type: string; id: string }) => {
      expect(type).toBe('user');
      return id;
    });
  };

  it('finds who may do something: the team, its admins, everybody, or the invited', async () => {
    const { owner, member, stranger, organization } = scene;
    expect(await people(projects.team, 'run:create')).toEqual([owner, member]);
    expect(await people(projects.team, 'project:delete')).toEqual([owner]);
    expect(new Set(await people(projects.public, 'run:read'))).toEqual(
      new Set([owner, member, stranger, organization.adminId]),
    );
    expect(await people(projects.public, 'run:create')).toEqual([owner, member]);
    expect(await people(projects.restricted, 'run:read')).toEqual([owner]);
  });

  it('finds service accounts when asked for them', async () => {
    const request = {
      ...onProject(projects.team, 'run:create'),
      subject: { type: 'service_account', id: 'ignored' },
    };
    expect((await search('subject', request)).body.results).toEqual([
      { type: 'service_account', id: scene.robot },
    ]);
  });

  it('finds organization admins for what they may do in every team, and in the organization', async () => {
    const inTeam = {
      subject: { type: 'user' },
      action: { name: 'team:add_member' },
      resource: { type: 'team', id: scene.teamId },
    };
    const found = (await search('subject', inTeam)).body.results.map(({ id }: { id: string }) => id);
    expect(new Set(found)).toEqual(new Set([scene.owner, scene.organization.adminId]));
    const inOrganization = {
      subject: { type: 'user' },
      action: { name: 'audit:read' },
      resource: { type: 'system', id: 'system' },
    };
    expect((await search('subject', inOrganization)).body.results).toEqual([
      { type: 'user', id: scene.organization.adminId },
    ]);
  });

  it('finds who made a run, where only the creator may', async () => {
    const request = {
      subject: { type: 'user' },
      action: { name: 'run:delete' },
      resource: { type: 'run', id: 'r', properties: { project: projects.team.id, createdBy: scene.member } },
    };
    const ids = (await search('subject', request)).body.results.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([scene.owner, scene.member]);
  });

  it('finds who may move a run there', async () => {
    const request = (targetProject: string) => ({
      subject: { type: 'user' },
      action: { name: 'run:move' },
      resource: {
        type: 'run',
        id: 'r',
        properties: { project: projects.team.id, createdBy: scene.member, targetProject },
      },
    });
    const ids = async (target: Project) =>
      (await search('subject', request(target.id))).body.results.map(({ id }: { id: string }) => id);
    expect(await ids(projects.open)).toEqual([scene.owner, scene.member]);
    expect(await ids(projects.restricted)).toEqual([scene.owner]);
  });

  it('finds nobody for what is not there, and leaves out who is deactivated', async () => {
    const reply = await search('subject', {
      ...onProject(projects.team, 'run:read'),
      resource: { type: 'project', id: 'x' },
    });
    expect(reply.body).toEqual({ page: { next_token: '', count: 0 }, results: [] });
    const other = await createScene(server());
    await other.organization.scim.operations(`/Users/${other.member}`, {
      op: 'replace',
      value: { active: false },
    });
    const found = await other.access.post('/search/subject', onProject(other.project, 'run:create'));
    expect(found.body.results).toEqual([{ type: 'user', id: other.owner }]);
  });

  it('goes over pages without repeats and gaps (section 8.2)', async () => {
    const other = await createScene(server());
    for (let more = 0; more < 5; more += 1) await createPerson(other.organization);
    const previous = scene;
    scene = other;
    try {
      const open = await other.createProject('open');
      const { results, counts } = await all('subject', onProject(open, 'run:read'), 3);
      expect(counts).toEqual([3, 3, 3]);
      expect(new Set(results.map(({ id }) => id)).size).toBe(9);
    } finally {
      scene = previous;
    }
  });
});

describe('resource search (section 8.5)', () => {
  const found = async (subject: string, name: string, resource: object) => {
    const reply = await search('resource', {
      subject: { type: 'user', id: subject },
      action: { name },
      resource,
    });
    expect(reply.status).toBe(200);
    return reply.body.results.map(({ id }: { id: string }) => id);
  };

  it('finds the projects in which somebody may do something', async () => {
    const { owner, member, stranger } = scene;
    const inOrder = [projects.team, projects.open, projects.public, projects.restricted].map(({ id }) => id);
    expect(await found(owner, 'run:read', { type: 'project' })).toEqual(inOrder);
    expect(await found(member, 'run:read', { type: 'project' })).toEqual(inOrder.slice(0, 3));
    expect(await found(stranger, 'run:read', { type: 'project' })).toEqual(inOrder.slice(1, 3));
    expect(await found(stranger, 'run:create', { type: 'project' })).toEqual([projects.open.id]);
    expect(
      await found(owner, 'project:delete', { type: 'project', properties: { team: scene.teamId } }),
    ).toEqual(inOrder);
    for (const team of [scene.organization.id, 'no id'])
      expect(await found(owner, 'project:delete', { type: 'project', properties: { team } })).toEqual([]);
  });

  it('finds teams, custom roles, the organization and the system', async () => {
    const { owner, organization } = scene;
    expect(await found(owner, 'team:add_member', { type: 'team' })).toEqual([scene.teamId]);
    expect(await found(owner, 'registry:read', { type: 'team' })).toEqual([scene.teamId]);
    const role = await organization.scim.post('/Roles', { name: 'r', inheritedFrom: 'viewer' });
    expect(await found(organization.adminId, 'role:delete', { type: 'role' })).toEqual([role.body.id]);
    expect(await found(owner, 'role:delete', { type: 'role' })).toEqual([]);
    expect(await found(owner, 'organization:read_users', { type: 'organization' })).toEqual([
      organization.id,
    ]);
    expect(await found(organization.adminId, 'audit:read', { type: 'system' })).toEqual(['system']);
    expect(await found(owner, 'audit:read', { type: 'system' })).toEqual([]);
  });

  it('finds nothing for somebody who is not there', async () => {
    expect(await found('nobody', 'run:read', { type: 'project' })).toEqual([]);
  });

  it.each([
    ['run:read', 'run', 'resource.type'],
    ['artifact:read', 'artifact', 'resource.type'],
    ['project:create', 'project', 'action.name'],
    ['team:create', 'team', 'action.name'],
    ['run:read', 'team', 'resource.type'],
    ['run:move', 'project', 'resource.properties.targetProject'],
  ])('%s on %s is 400: %s', async (name, type, field) => {
    const request = { subject: { type: 'user', id: scene.owner }, action: { name }, resource: { type } };
    const reply = await search('resource', request);
    expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([400, field]);
  });

  it('goes over pages (section 8.2)', async () => {
    const request = {
      subject: { type: 'user', id: scene.owner },
      action: { name: 'run:read' },
      resource: { type: 'project' },
    };
    const { results, counts } = await all('resource', request, 3);
    expect(counts).toEqual([3, 1]);
    expect(new Set(results.map(({ id }) => id)).size).toBe(4);
  });
});

describe('action search (section 8.6)', () => {
  const names = async (subject: string, resource: object) => {
    const reply = await search('action', { subject: { type: 'user', id: subject }, resource });
    expect(reply.status).toBe(200);
    return reply.body.results.map(({ name }: { name: string }) => name);
  };

  it('finds what somebody may do to a run, a project, a team', async () => {
    const run = (more: object = {}) => ({
      type: 'run',
      id: 'r',
      properties: { project: projects.team.id, ...more },
    });
    expect(await names(scene.member, run())).toEqual(['run:read', 'run:create']);
    expect(
      await names(scene.member, run({ createdBy: scene.member, targetProject: projects.open.id })),
    ).toEqual(['run:read', 'run:create', 'run:update', 'run:stop', 'run:delete', 'run:move']);
    expect(await names(scene.stranger, { type: 'project', id: projects.team.id })).toEqual([]);
    expect(await names(scene.owner, { type: 'team', id: scene.teamId })).toContain('team:update_settings');
  });

  it('is about the resource as far as it is described', async () => {
    const reply = await search('action', {
      subject: { type: 'user', id: scene.member },
      resource: { type: 'run', id: 'r' },
    });
    expect([reply.status, reply.body.errors[0].field]).toEqual([400, 'resource.properties.project']);
  });

  it('goes over pages (section 8.2)', async () => {
    const request = {
      subject: { type: 'user', id: scene.owner },
      resource: { type: 'project', id: projects.team.id },
    };
    const { results } = await all('action', request, 7);
    const once = (await search('action', request)).body.results;
    expect(results).toEqual(once);
    expect(actionsOn('project')).toEqual(
      expect.arrayContaining(once.map(({ name }: { name: string }) => name)),
    );
  });
});

describe('what is found is what an evaluation allows (section 8.1)', () => {
  it('for every person, project and a choice of actions', async () => {
    const everybody = [scene.owner, scene.member, scene.stranger, scene.organization.adminId];
    for (const name of [
      'run:read',
      'run:create',
      'report:create',
      'project:delete',
      'project:manage_members',
      'run:stop',
    ])
      for (const project of Object.values(projects)) {
        const found = await search('subject', onProject(project, name));
        const ids = found.body.results.map(({ id }: { id: string }) => id);
        const reply = await scene.access.post('/evaluations', {
          action: { name },
          resource: { type: 'project', id: project.id },
          evaluations: everybody.map((id) => ({ subject: { type: 'user', id } })),
        });
        const allowed = everybody.filter((_, index) => reply.body.evaluations[index].decision);
        expect(new Set(ids)).toEqual(new Set(allowed));
      }
  });
});

describe('pages (section 8.2)', () => {
  const request = () => ({
    subject: { type: 'user', id: scene.owner },
    action: { name: 'run:read' },
    resource: { type: 'project' },
  });

  it('are good for the same question of the same organization, and for an hour', async () => {
    const first = await search('resource', { ...request(), page: { limit: 1 } });
    const token: string = first.body.page.next_token;
    expect(token).not.toBe('');
    const field = async (asked: object, client = scene.access) => {
      const reply = await client.post('/search/resource', asked);
      return [reply.status, reply.body.errors?.[0]?.field];
    };
    expect(await field({ ...request(), action: { name: 'run:create' }, page: { token } })).toEqual([
      400,
      'page.token',
    ]);
    expect(await field({ ...request(), page: { token, limit: 2 } })).toEqual([400, 'page.limit']);
    expect(await field({ ...request(), page: { token, limit: 1 } })).toEqual([200, undefined]);
    expect(await field({ ...request(), page: { token: `A${token}` } })).toEqual([400, 'page.token']);
    expect(await field({ ...request(), page: { token: 7 } })).toEqual([400, 'page.token']);
    const other = await createScene(server());
    expect(await field({ ...request(), page: { token } }, other.access)).toEqual([400, 'page.token']);
  });

  it.each([[-1], [1.5], ['10']])('have a limit that is a whole number, not %j', async (limit) => {
    const reply = await search('resource', { ...request(), page: { limit } });
    expect([reply.status, reply.body.errors[0].field]).toEqual([400, 'page.limit']);
  });

  it('of nothing are possible, and go on from the beginning', async () => {
    const reply = await search('resource', { ...request(), page: { limit: 0 } });
    expect(reply.body).toMatchObject({ results: [], page: { count: 0 } });
    expect(reply.body.page.next_token).not.toBe('');
  });

  it('come to live callers only', async () => {
    for (const what of ['subject', 'resource', 'action'])
      expect((await new AccessClient(server(), 'rk_x').post(`/search/${what}`, {})).status).toBe(401);
  });
});
