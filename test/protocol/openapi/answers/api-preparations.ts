import { EXAMPLE_IDS } from '../../../../src/api/openapi/example-ids.js';
import { txtRecords } from '../support/dns.js';
import type { World } from '../support/world.js';

/** What has to be done in a fresh world before the sample of an operation can succeed. */
export const API_PREPARATIONS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'teams.restore': ({ api, ids }) => api.delete(`/api/v1/teams/${ids.group}`),
  'teamMembers.update': joinAsAdmin,
  'domains.verify': publishRecord,
  'users.restore': ({ organization, ids }) => organization.scim.delete(`/Users/${ids.ada}`),
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
