import { EXAMPLE_IDS } from '../../../../src/api/openapi/example-ids.js';
import type { Reply } from '../../../support/scim-client.js';
import { UNKNOWN_ID } from '../../../conformance/rfc/support/urns.js';
import type { Send } from '../support/contract.js';
import type { World } from '../support/world.js';

type Provoke = (send: Send, world: World) => Promise<Reply>;

const exampleId = (name: string): string => EXAMPLE_IDS[name] ?? '';

/** Statuses of the admin REST API that no general rule gives: the operation, the status, the case and the request. */
export const API_REFUSALS: readonly (readonly [string, number, string, Provoke])[] = [
  [
    'apiKeys.create',
    404,
    'the account is not known',
    (send) =>
      send('POST', '/api/v1/api-keys', { json: { name: 'x', scopes: ['admin'], userId: UNKNOWN_ID } }),
  ],
  [
    'passwordResets.create',
    409,
    'the account has no password',
    (send, { ids }) => send('POST', `/api/v1/users/${ids.grace}/password-resets`),
  ],
  [
    'users.update',
    409,
    'the last admin stays admin',
    (send, { organization }) =>
      send('PATCH', `/api/v1/users/${organization.adminId}`, { json: { organizationRole: 'member' } }),
  ],
  [
    'users.remove',
    409,
    'the last admin is not removed',
    (send, { organization }) => send('DELETE', `/api/v1/users/${organization.adminId}`),
  ],
  [
    'connections.update',
    409,
    'another connection has the name',
    async (send, { organization }) => {
      await organization.connection();
      const [, { name }] = (await send('GET', '/api/v1/connections')).body.items;
      return send('PATCH', `/api/v1/connections/${organization.connectionId}`, { json: { name } });
    },
  ],
  [
    'ssoConnections.update',
    409,
    'another connection has the name',
    async (send) => {
      const { items } = (await send('GET', '/api/v1/sso-connections')).body;
      const draft = {
        kind: 'oidc',
        name: 'another',
        settings: { issuer: 'https://idp.example.com', clientId: 'client' },
      };
      await send('POST', '/api/v1/sso-connections', { json: draft });
      return send('PATCH', `/api/v1/sso-connections/${items[0].id}`, { json: { name: 'another' } });
    },
  ],
  [
    'domains.create',
    404,
    'the SSO connection is not known',
    (send) =>
      send('POST', '/api/v1/domains', { json: { domain: 'x.example.com', ssoConnectionId: UNKNOWN_ID } }),
  ],
  [
    'invitations.revoke',
    409,
    'it is revoked already',
    async (send, { place }) => {
      const path = place(`/api/v1/invitations/${exampleId('invitationId')}`);
      await send('DELETE', path);
      return send('DELETE', path);
    },
  ],
  [
    'teamInvitations.withdraw',
    409,
    'the invitation is revoked already',
    async (send, { place }) => {
      await send('DELETE', place(`/api/v1/invitations/${exampleId('invitationId')}`));
      return send(
        'DELETE',
        place(`/api/v1/teams/${exampleId('teamId')}/invitations/${exampleId('invitationId')}`),
      );
    },
  ],
  [
    'teams.update',
    409,
    'another team has the name',
    async (send, { organization, ids }) => {
      await organization.scim.post('/Groups', { displayName: 'Taken' });
      return send('PATCH', `/api/v1/teams/${ids.group}`, { json: { displayName: 'TAKEN' } });
    },
  ],
  [
    'roles.create',
    409,
    'the name is taken',
    (send) => send('POST', '/api/v1/roles', { json: { name: 'Run operator', inheritedFrom: 'member' } }),
  ],
  [
    'roles.update',
    409,
    'the name belongs to a predefined role',
    (send, { ids }) => send('PATCH', `/api/v1/roles/${ids.role}`, { json: { name: 'Admin' } }),
  ],
  [
    'roles.replace',
    409,
    'the name belongs to a predefined role',
    (send, { ids }) =>
      send('PUT', `/api/v1/roles/${ids.role}`, { json: { name: 'Admin', inheritedFrom: 'member' } }),
  ],
  [
    'projects.create',
    404,
    'the team is not known',
    (send) => send('POST', '/api/v1/projects', { json: { teamId: UNKNOWN_ID, name: 'x' } }),
  ],
  [
    'projects.create',
    409,
    'the name is taken',
    (send, { ids }) => send('POST', '/api/v1/projects', { json: { teamId: ids.group, name: 'WEATHER' } }),
  ],
  [
    'projects.update',
    409,
    'the name is taken',
    async (send, world) => {
      const json = { teamId: world.ids.group, name: 'Climate' };
      await send('POST', '/api/v1/projects', { json });
      return send('PATCH', projectOf(world), { json: { name: 'climate' } });
    },
  ],
  [
    'projects.restore',
    409,
    'the name is taken meanwhile',
    async (send, world) => {
      await send('DELETE', projectOf(world));
      const json = { teamId: world.ids.group, name: 'Weather' };
      await send('POST', '/api/v1/projects', { json });
      return send('POST', `${projectOf(world)}/restore`);
    },
  ],
  [
    'projectMembers.invite',
    409,
    'the project is not restricted',
    async (send, world) => {
      await send('PATCH', projectOf(world), { json: { visibility: 'team' } });
      return send('POST', `${projectOf(world)}/members`, { json: { userId: world.ids.ada } });
    },
  ],
  [
    'projectMembers.setRole',
    409,
    'the project has no roles of its own',
    async (send, world) => {
      await send('PATCH', projectOf(world), { json: { visibility: 'public' } });
      return send('PATCH', `${projectOf(world)}/members/${world.ids.ada}`, { json: { role: 'viewer' } });
    },
  ],
  [
    'projectMembers.remove',
    409,
    'the member is not invited',
    async (send, world) => {
      const member = `${projectOf(world)}/members/${world.ids.ada}`;
      await send('DELETE', member);
      return send('DELETE', member);
    },
  ],
  [
    'serviceAccounts.create',
    404,
    'the team is not known',
    (send) =>
      send('POST', '/api/v1/service-accounts', {
        json: { name: 'x', kind: 'organization', teamId: UNKNOWN_ID },
      }),
  ],
  [
    'serviceAccounts.create',
    409,
    'the name is taken',
    (send, { ids }) =>
      send('POST', '/api/v1/service-accounts', {
        json: { name: 'Evaluation', kind: 'team', teamId: ids.group },
      }),
  ],
  [
    'attributions.find',
    404,
    'the service account is not known',
    (send) =>
      send('POST', '/api/v1/attributions', { json: { serviceAccountId: UNKNOWN_ID, username: 'ada' } }),
  ],
];

const projectOf = ({ place }: World): string => `/api/v1/projects/${place(EXAMPLE_IDS['projectId'] ?? '')}`;
