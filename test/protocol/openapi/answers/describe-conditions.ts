import { describe, expect, it } from '@jest/globals';
import type { ConnectionSettings } from '../../../../src/directory/connections/connection.js';
import { createGroup, createRole, createUser } from '../../../conformance/rfc/support/resources.js';
import { PATCH_OP, ROLLCALL } from '../../../conformance/rfc/support/urns.js';
import { ScimClient } from '../../../support/scim-client.js';
import type { Contract } from '../support/contract.js';
import { hasParameter, scimOperations, type Operation } from '../support/operation.js';
import { pathOf, sampleOf } from '../support/sample-request.js';
import { useWorlds } from '../support/use-world.js';

const SENSITIVE = 'filter=password%20eq%20%22x%22';
const ADMIN = { userName: 'eve@example.com', [ROLLCALL]: { organizationRole: 'admin' } };

const set = (path: string, value: unknown): object => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', path, value }],
});

const isConditionalRead = (operation: Operation): boolean =>
  operation.method === 'GET' && hasParameter(operation, 'If-None-Match');

/** Answers that depend on what is asked for: projections, versions, conflicts, rules of the product. */
export const describeConditions = (contract: Contract): void =>
  describe('what the resources refuse or shorten is answered as declared', () => {
    const worlds = useWorlds();
    const send = (method: string, path: string, json?: unknown) =>
      contract.through(worlds.shared.client)(method, `/scim/v2${path}`, json === undefined ? {} : { json });

    /** Speaks with another connection of the shared organization. */
    const sendAs = async (settings: Partial<ConnectionSettings>) => {
      const { token } = await worlds.shared.organization.connection(settings);
      return contract.through(new ScimClient(worlds.server.baseUrl, token));
    };

    it.each(['/Users', '/Groups', '/Roles'])('%s on two pages by cursor (RFC 9865)', async (endpoint) => {
      const { scim } = worlds.shared.organization;
      if (endpoint === '/Groups') await createGroup(scim);
      if (endpoint === '/Roles') await createRole(scim);
      const first = await send('GET', `${endpoint}?cursor=&count=1`);
      expect(first.body).toMatchObject({ itemsPerPage: 1, nextCursor: expect.any(String) });
      expect((await send('GET', `${endpoint}?count=1&cursor=${first.body.nextCursor}`)).status).toBe(200);
      expect((await send('GET', `${endpoint}?count=1&cursor=forged`)).body.scimType).toBe('invalidCursor');
    });

    it.each(scimOperations(isConditionalRead))(
      '%s of what the client has is 304 (RFC 9110 13.1.2)',
      async (_, asked) => {
        const read = pathOf(sampleOf(asked), worlds.shared);
        // Teams change a user's document without raising its version, so with them there is no 304.
        const path = `${read}${read.includes('?') ? '&' : '?'}excludedAttributes=groups,teamRoles`;
        const through = contract.through(worlds.shared.client);
        const etag = (await through('GET', path)).headers.get('etag') ?? '';
        expect((await through('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      },
    );

    it('a part of a resource fits the schema of the whole (RFC 7644 3.9)', async () => {
      const { ada, group, role } = worlds.shared.ids;
      for (const path of [`/Users/${ada}`, `/Groups/${group}`, `/Roles/${role}`]) {
        expect((await send('GET', `${path}?attributes=id`)).status).toBe(200);
        expect((await send('GET', `${path}?excludedAttributes=meta.version`)).status).toBe(200);
      }
      const renamed = await send(
        'PATCH',
        `/Groups/${group}?attributes=displayName`,
        set('displayName', 'Lab'),
      );
      expect(renamed.status).toBe(200);
      await send('PATCH', `/Groups/${group}`, set('displayName', 'Research'));
    });

    it.each([
      ['GET', `/Users?${SENSITIVE}`, undefined],
      ['POST', '/Users/.search', { filter: 'password pr' }],
      ['GET', `?${SENSITIVE}`, undefined],
      ['POST', '/.search', { filter: 'password pr' }],
      ['GET', '/ServiceProviderConfig?filter=x', undefined],
      ['GET', '/Schemas?filter=x', undefined],
      ['GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User?filter=x', undefined],
      ['GET', '/ResourceTypes?filter=x', undefined],
      ['GET', '/ResourceTypes/User?filter=x', undefined],
    ])('%s %s is 403 (RFC 7644 4, 7.5.2)', async (method, path, json) => {
      expect((await send(method, path, json)).status).toBe(403);
    });

    it('a connection that may not make admins gets 403 (product decision)', async () => {
      const through = await sendAs({ mayGrantAdmin: false });
      const path = `/scim/v2/Users/${worlds.shared.ids.grace}`;
      expect((await through('POST', '/scim/v2/Users', { json: ADMIN })).status).toBe(403);
      expect((await through('PUT', path, { json: ADMIN })).status).toBe(403);
      expect((await through('PATCH', path, { json: set('organizationRole', 'admin') })).status).toBe(403);
    });

    it('the removal of the last admin, and of a group where the connection refuses it, is 403 (product decision)', async () => {
      const { organization, ids } = worlds.shared;
      expect((await send('DELETE', `/Users/${organization.adminId}`)).status).toBe(403);
      const through = await sendAs({ onGroupDelete: 'refuse' });
      expect((await through('DELETE', `/scim/v2/Groups/${ids.group}`)).status).toBe(403);
    });

    it('a name that is taken is 409 (RFC 7644 3.12)', async () => {
      const { organization, ids } = worlds.shared;
      const user = await createUser(organization.scim);
      const group = await createGroup(organization.scim);
      const role = await createRole(organization.scim);
      for (const [endpoint, name, taken, id] of [
        ['/Users', 'userName', user.userName, ids.grace],
        ['/Groups', 'displayName', group.displayName, ids.group],
        ['/Roles', 'name', role.name, ids.role],
      ]) {
        const body = { [name]: taken, ...(endpoint === '/Roles' ? { inheritedFrom: 'viewer' } : {}) };
        expect((await send('POST', endpoint, body)).status).toBe(409);
        expect((await send('PUT', `${endpoint}/${id}`, body)).status).toBe(409);
        expect((await send('PATCH', `${endpoint}/${id}`, set(name, taken))).status).toBe(409);
      }
    });

    it('a Bulk request with failures is 200 and has an error for each (RFC 7644 3.7.3)', async () => {
      const reply = await send('POST', '/Bulk', {
        Operations: [
          { method: 'POST', path: '/Users', bulkId: 'nameless', data: {} },
          { method: 'DELETE', path: '/Nothing/1' },
        ],
      });
      expect(reply.body.Operations).toMatchObject([{ status: '400' }, { status: '404' }]);
    });
  });
