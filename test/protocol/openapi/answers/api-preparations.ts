import type { World } from '../support/world.js';

/** What has to be done in a fresh world before the sample of an operation can succeed. */
export const API_PREPARATIONS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'users.restore': ({ organization, ids }) => organization.scim.delete(`/Users/${ids.ada}`),
};
