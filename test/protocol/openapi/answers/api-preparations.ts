import type { World } from '../support/world.js';

/** What has to be done in a fresh world before the sample of an operation can succeed. */
export const API_PREPARATIONS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'teams.restore': ({ api, ids }) => api.delete(`/api/v1/teams/${ids.group}`),
  'teamMembers.update': joinAsAdmin,
  'users.restore': ({ organization, ids }) => organization.scim.delete(`/Users/${ids.ada}`),
};

/** The organization's admin joins the team and is its admin. */
function joinAsAdmin({ api, organization, ids }: World): Promise<unknown> {
  const json = { userId: organization.adminId, role: 'admin' };
  return api.post(`/api/v1/teams/${ids.group}/members`, json);
}
