import { createGroup, createRole, createUser } from '../../../conformance/rfc/support/resources.js';
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

/** An organization in the state that the examples start from: Ada in the group Research, Grace, one role. */
export interface World {
  readonly organization: TestOrganization;
  /** Speaks to the whole server with a token of the organization. */
  readonly client: ScimClient;
  readonly ids: Readonly<Record<keyof typeof EXAMPLE, string>>;
  /** Puts the real ids and secrets in the place of those of an example. */
  readonly place: (text: string) => string;
}

/** Populates a fresh organization. The link of the first set-up is that of the last world made. */
export async function createWorld(server: TestServer): Promise<World> {
  const organization = await server.organization();
  const { scim, context, connectionId } = organization;
  const ada = await createUser(scim);
  const grace = await createUser(scim);
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
  return {
    organization,
    client: new ScimClient(server.baseUrl, organization.token),
    ids,
    place: (text) => {
      let placed = text;
      for (const [name, example] of Object.entries(EXAMPLE)) {
        const id = ids[name as keyof typeof EXAMPLE];
        placed = placed.replaceAll(example, id);
        // An ETag ends with the end of the id.
        if (example.length === 36) placed = placed.replaceAll(example.slice(24), id.slice(24));
      }
      return placed;
    },
  };
}
