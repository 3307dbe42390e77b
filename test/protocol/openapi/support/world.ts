import { createGroup, createRole, createUser } from '../../../conformance/rfc/support/resources.js';
import { EXAMPLE_IDS } from '../../../../src/api/openapi/example-ids.js';
import { newId } from '../../../../src/kernel/ids.js';
import { oidcDraft } from '../../../persistence/support/sso-connections.js';
import { ApiClient } from '../../../support/api-client.js';
import { ScimClient } from '../../../support/scim-client.js';
import type { TestOrganization, TestServer } from '../../../support/server.js';

/** The ids and secrets that examples in openapi.yaml carry. */
const EXAMPLE = {
  ada: '019aa001-7a10-7c3e-9b1f-3f2a5b6c7d01',
  grace: '019aa001-7a11-7d42-8c05-1a2b3c4d5e02',
  group: '019aa002-11f0-7b21-a4d3-9e8f7a6b5c03',
  role: '019aa003-4c2d-7e90-b6a1-0f1e2d3c4b04',
  connection: '019aa000-5e21-7a44-8f0b-6c5d4e3f2a05',
  clientSecret: 'rcc_REPLACE_WITH_THE_CLIENT_SECRET',
  setupLink: 'REPLACE_WITH_THE_TOKEN_OF_THE_LINK',
} as const;

/** How many ids there are in the examples of openapi.yaml. */
export const EXAMPLE_ID_COUNT = new Set(
  [...Object.values(EXAMPLE), ...Object.values(EXAMPLE_IDS)].filter(({ length }) => length === 36),
).size;

/** An organization in the state that the examples start from: Ada in the group Research, Grace, one role. */
export interface World {
  readonly organization: TestOrganization;
  /** Speaks to the whole server with a token of the organization. */
  readonly client: ScimClient;
  readonly ids: Readonly<Record<keyof typeof EXAMPLE, string>>;
  /** Speaks to the whole server with an API key of the organization's admin. */
  readonly api: ApiClient;
  /** Speaks to the whole server with an API key for access decisions. */
  readonly access: ApiClient;
  /** Speaks to the whole server with the credential that an operation takes. */
  readonly clientFor: (path: string) => ScimClient;
  /** Puts the real ids and secrets in the place of those of an example. */
  readonly place: (text: string) => string;
}

/** Populates a fresh organization. The link of the first set-up is that of the last world made. */
export async function createWorld(server: TestServer): Promise<World> {
  const organization = await server.organization();
  const { scim, context, connectionId } = organization;
  const ada = await createUser(scim);
  const grace = await createUser(scim);
  const password = { hash: 'the hash of no password', email: 'ada@example.com' };
  const { localCredentials } = server.services.unitOfWork.stores;
  await localCredentials.insert(organization.id, String(ada.id), password);
  const group = await createGroup(scim, {
    displayName: 'Research',
    members: [{ value: ada.id }],
  });
  const role = await createRole(scim, {
    name: 'Run operator',
    permissions: [{ name: 'run:stop' }],
  });
  const secret = await server.services.connections.issueToken(context, connectionId, {
    kind: 'client_secret',
    name: 'test',
  });
  const ids = {
    ada: String(ada.id),
    grace: String(grace.id),
    group: String(group.id),
    role: String(role.id),
    connection: connectionId,
    clientSecret: secret.secret,
    setupLink: (await server.services.setup.issueSetupLink()) ?? EXAMPLE.setupLink,
  };
  const api = new ApiClient(server.baseUrl, (await organization.api()).token);
  const apiResources = await createApiResources(organization, api, server, ids);
  await server.services.unitOfWork.stores.users.setTeamRoles(context, organization.adminId, [
    { teamId: ids.group, role: 'admin', customRoleId: undefined },
  ]);
  const robot = await server.services.serviceAccounts.create(context, {
    name: 'evaluation',
    kind: 'team',
    teamId: ids.group,
  });
  const project = await server.services.projects.create(context, {
    teamId: ids.group,
    name: 'Weather',
    visibility: 'restricted',
    ownerId: ids.ada,
    invitedIds: [organization.adminId],
  });
  const access = new ApiClient(
    server.baseUrl,
    (await organization.api(organization.adminId, ['access'])).token,
  );
  const client = new ScimClient(server.baseUrl, organization.token);
  const apiIds: Readonly<Record<string, string>> = {
    ...apiResources,
    projectId: project.id,
    serviceAccountId: robot.id,
  };
  return {
    organization,
    api,
    access,
    clientFor: (path) => {
      if (path.startsWith('/access/') || path.startsWith('/auth/')) return access;
      return path.startsWith('/api/') ? api : client;
    },
    client,
    ids,
    place: (text) => {
      let placed = text;
      for (const [name, example] of [...Object.entries(EXAMPLE), ...Object.entries(EXAMPLE_IDS)]) {
        const id = ids[name as keyof typeof EXAMPLE] ?? apiIds[name] ?? example;
        placed = placed.replaceAll(example, id);
        // An ETag ends with the end of the id.
        if (example.length === 36) placed = placed.replaceAll(example.slice(24), id.slice(24));
      }
      return placed;
    },
  };
}

/** What the examples of the admin REST API speak of, by the name of the path's parameter. */
async function createApiResources(
  { connectionId, context }: TestOrganization,
  api: ApiClient,
  { services }: TestServer,
  { ada: userId, group: teamId }: { readonly ada: string; readonly group: string },
): Promise<Readonly<Record<string, string>>> {
  const key = await api.post('/api/v1/api-keys', { name: 'Backup', scopes: ['access'] });
  const token = await services.connections.issueToken(context, connectionId, {
    kind: 'bearer',
    name: 'example',
  });
  const session = await services.sessions.open(context, userId, {
    origin: { method: 'password' },
    userAgent: undefined,
    replaces: undefined,
  });
  const sso = await services.ssoConnections.create(context, oidcDraft('Identity provider'));
  const domain = await services.ssoDomains.create(context, sso.id, `${sso.id}.example.com`);
  const rule = await services.mappingRules.create(context, {
    source: { kind: 'sso_connection', id: sso.id },
    groupName: 'staff',
    match: 'exact',
    organizationRole: 'member',
    team: undefined,
  });
  const signOnReviewId = await services.unitOfWork.stores.signOnReviews.note(context, {
    id: newId(Date.now()),
    ssoConnectionId: sso.id,
    subject: 'somebody',
    candidateUserId: userId,
    reason: 'link_refused',
    claims: { userName: 'ada' },
  });
  const invited = await api.post(`/api/v1/teams/${teamId}/invitations`, { emails: ['waiting@example.com'] });
  if (invited.status !== 201) throw new Error(`${invited.status} ${invited.text}`);
  return {
    sessionId: session.id,
    apiKeyId: String(key.body.key.id),
    connectionId,
    tokenId: token.id,
    ssoConnectionId: sso.id,
    domainId: domain.id,
    mappingRuleId: rule.id,
    signOnReviewId,
    teamId,
    invitationId: String(invited.body.items[0].invitation.id),
  };
}
