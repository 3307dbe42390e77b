import type { Surface } from '../load/plan.ts';
import type { Subject } from './child-server.ts';
import { ADMIN_EMAIL, runProductCommand, type Deployment } from './product.ts';
import { send } from './scim-client.ts';

/** The admin API for whoever has this key. */
export const adminSurface = (token: string): Surface => ({
  basePath: '/api/v1',
  mediaType: 'application/json',
  token,
});

/**
 * The access evaluation API as an application uses it: with the key of a service account, which is made by the command
 * line and the admin API.
 */
export async function openAccess(deployment: Deployment, subject: Subject, teamId: string): Promise<Surface> {
  const printed = await runProductCommand(deployment, [
    'api-key',
    'create',
    '--user',
    ADMIN_EMAIL,
    '--scopes',
    'admin,access',
  ]);
  const adminKey = /rk_[\w-]+/.exec(printed)?.[0];
  if (adminKey === undefined) throw new Error('api-key create printed no key');
  const admin = adminSurface(adminKey);
  const create = async <Created>(path: string, body: object): Promise<Created> =>
    (await send(subject, admin, 'POST', path, { body, expect: 201 })).body as Created;
  const account = await create<{ id: string }>('/service-accounts', {
    name: 'bench',
    kind: 'organization',
    teamId,
  });
  const { secret } = await create<{ secret: string }>('/api-keys', {
    name: 'bench',
    scopes: ['access'],
    userId: account.id,
  });
  return accessSurface(secret);
}

export const accessSurface = (token: string): Surface => ({
  basePath: '/access/v1',
  mediaType: 'application/json',
  token,
});
