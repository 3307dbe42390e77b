import type { RequestContext } from '../../directory/request-context.js';
import { defineDatabaseCommand } from '../command.js';
import type { Services } from '../../app.js';
import { EXIT } from '../exit-code.js';
import type { DemoAccess } from '../demo/access.js';
import { operateIn } from './organization.js';

const TOKEN_NAME = 'demo';
const EXPIRES_IN_DAYS = 1;

/** The part of `demo` that has to run where the database is open: connections, and tokens for a day. */
export const demoPrepare = defineDatabaseCommand({
  name: 'demo prepare',
  summary: 'make the connections and tokens of the demo',
  options: {},
  isInternal: true,
  async execute(_values, { output, services, serverUrl }) {
    const context = await operateIn(services, undefined);
    const access: DemoAccess = {
      oktaToken: await renewToken(services, context, 'demo-okta'),
      entraToken: await renewToken(services, context, 'demo-entra'),
      ...(serverUrl === undefined ? {} : { serverUrl }),
    };
    output.out(JSON.stringify(access));
    return EXIT.ok;
  },
});

/** Tokens of earlier runs end, so that they do not pile up. */
async function renewToken(services: Services, context: RequestContext, name: string): Promise<string> {
  const { connections } = services;
  const existing = await connections.list(context.organizationId);
  const connection =
    existing.find((candidate) => candidate.name === name) ?? (await connections.create(context, name));
  const tokens = await connections.listTokens(context.organizationId, connection.id);
  for (const token of tokens)
    if (token.name === TOKEN_NAME && token.revokedAt === undefined)
      await connections.revokeToken(context, token.id);
  const { secret } = await connections.issueToken(context, connection.id, {
    kind: 'bearer',
    name: TOKEN_NAME,
    expiresInDays: EXPIRES_IN_DAYS,
  });
  return secret;
}
