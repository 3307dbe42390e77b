import { randomUUID } from 'node:crypto';
import type { Project } from '../../../src/directory/projects/project.js';
import { ScimClient, type Reply } from '../../support/scim-client.js';
import type { TestOrganization, TestServer } from '../../support/server.js';
import { createPerson, createTeam } from '../api/support/people.js';

/** A client of the Authorization API with one API key. */
export class AccessClient {
  readonly #client: ScimClient;

  constructor(server: TestServer, secret: string | undefined) {
    this.#client = new ScimClient(server.baseUrl, secret);
  }

  post = (path: string, json: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    this.#client.request('POST', `/access/v1${path}`, {
      json,
      headers: { 'content-type': 'application/json', ...headers },
    });

  evaluate = (subject: string, name: string, resource: object): Promise<Reply> =>
    this.post('/evaluation', { subject: { type: 'user', id: subject }, action: { name }, resource });

  request = this.send.bind(this);

  private send(...request: Parameters<ScimClient['request']>): Promise<Reply> {
    return this.#client.request(...request);
  }
}

export interface Scene {
  readonly organization: TestOrganization;
  /** Admin of the team, and owner of the project. */
  readonly owner: string;
  readonly member: string;
  /** In the organization, not in the team. */
  readonly stranger: string;
  readonly teamId: string;
  readonly project: Project;
  /** The service account that asks. */
  readonly robot: string;
  readonly secret: string;
  readonly keyId: string;
  readonly access: AccessClient;
  createProject(visibility: Project['visibility']): Promise<Project>;
}

/** An organization with a team, its project, and an application that asks about them. */
export async function createScene(server: TestServer): Promise<Scene> {
  const organization = await server.organization();
  const [owner, member, stranger] = [
    await createPerson(organization),
    await createPerson(organization),
    await createPerson(organization),
  ];
  const name = `team-${randomUUID()}`;
  const teamId = await createTeam(organization, [owner, member], name);
  await organization.scim.operations(`/Users/${owner}`, {
    op: 'replace',
    path: 'teamRoles',
    value: [{ teamId, roleName: 'admin' }],
  });
  const robot = await createPerson(organization, { accountType: 'ORG_SERVICE', defaultTeam: name });
  const { key, secret } = await server.services.apiKeys.issue(organization.context, robot, {
    name: 'application',
    scopes: ['access'],
    expiresAt: undefined,
  });
  const createProject = (visibility: Project['visibility']): Promise<Project> =>
    server.services.projects.create(organization.context, {
      teamId,
      name: `project-${randomUUID()}`,
      visibility,
      ownerId: owner,
      invitedIds: [],
    });
  return {
    organization,
    owner,
    member,
    stranger,
    teamId,
    project: await createProject('team'),
    robot,
    secret,
    keyId: key.id,
    access: new AccessClient(server, secret),
    createProject,
  };
}
