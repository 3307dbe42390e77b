import { EXAMPLE_IDS } from '../../../../src/api/openapi/example-ids.js';
import { txtRecords } from '../support/dns.js';
import type { World } from '../support/world.js';

/** What has to be done in a fresh world before the sample of an operation succeeds, and changes something. */
export const API_PREPARATIONS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'teams.restore': ({ api, ids }) => api.delete(`/api/v1/teams/${ids.group}`),
  'teamMembers.update': joinAsAdmin,
  'domains.verify': publishRecord,
  'users.restore': ({ organization, ids }) => organization.scim.delete(`/Users/${ids.ada}`),
  'users.reactivate': sent('POST', '/api/v1/users/{userId}/deactivate'),
  'connections.enable': sent('POST', '/api/v1/connections/{connectionId}/disable'),
  'ssoConnections.disable': sent('POST', '/api/v1/sso-connections/{ssoConnectionId}/enable'),
  'serviceAccounts.reactivate': sent('POST', '/api/v1/service-accounts/{serviceAccountId}/deactivate'),
  'projects.restore': sent('DELETE', '/api/v1/projects/{projectId}'),
  'projectMembers.invite': sent('DELETE', '/api/v1/projects/{projectId}/members/{userId}'),
};

/** The organization's admin joins the team and is its admin. */
function joinAsAdmin({ api, organization, ids }: World): Promise<unknown> {
  const json = { userId: organization.adminId, role: 'admin' };
  return api.post(`/api/v1/teams/${ids.group}/members`, json);
}

/** The record that verifies the world's domain is in the DNS. */
async function publishRecord({ api, place }: World): Promise<void> {
  const { record } = (await api.get(place(`/api/v1/domains/${EXAMPLE_IDS['domainId'] ?? ''}`))).body;
  txtRecords.set(record.name, [record.value]);
}

/** Sends a request without a body about the resources that the examples are about. @throws Error when it is refused */
function sent(method: string, path: string) {
  return async ({ api, place }: World): Promise<void> => {
    const example = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => EXAMPLE_IDS[name] ?? '');
    const { status, text } = await api.request(method, place(example));
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  };
}
