import type { Connection } from '../../directory/connections/connection.js';
import type { ConnectionToken } from '../../directory/connections/connection-store.js';
import { systemClock, toInstant } from '../../kernel/clock.js';
import { defineDatabaseCommand } from '../command.js';
import type { Services } from '../../app.js';
import { EXIT } from '../exit-code.js';
import { formatTable } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const tokenList = defineDatabaseCommand({
  name: 'token list',
  summary: 'list tokens and client secrets, without the secrets',
  options: {
    connection: { type: 'string', placeholder: 'NAME', help: 'only those of this connection' },
    organization: organizationOption,
  },
  async execute(values, { output, services }) {
    const { organizationId } = await operateIn(services, values.organization);
    const connections = await findConnections(services, organizationId, values.connection);
    const rows: string[][] = [];
    for (const connection of connections) {
      const tokens = await services.connections.listTokens(organizationId, connection.id);
      // Access tokens live an hour and end with their client secret: nobody manages them one by one.
      const managed = tokens.filter((token) => token.kind !== 'access_token');
      rows.push(...managed.map((token) => toRow(connection, token)));
    }
    output.out(
      formatTable(['ID', 'CONNECTION', 'NAME', 'KIND', 'STARTS WITH', 'STATE', 'EXPIRES', 'LAST USED'], rows),
    );
    return EXIT.ok;
  },
});

const findConnections = async (
  services: Services,
  organizationId: string,
  name: string | undefined,
): Promise<readonly Connection[]> =>
  name === undefined
    ? services.connections.list(organizationId)
    : [await services.connections.get(organizationId, name)];

const toRow = (connection: Connection, token: ConnectionToken): string[] => [
  token.id,
  connection.name,
  token.name,
  token.kind === 'bearer' ? 'bearer' : 'client-secret',
  token.prefix,
  stateOf(token),
  token.expiresAt ?? 'never',
  token.lastUsedAt ?? 'never',
];

function stateOf(token: ConnectionToken): string {
  if (token.revokedAt !== undefined) return 'revoked';
  const isExpired = token.expiresAt !== undefined && token.expiresAt <= toInstant(systemClock.now());
  return isExpired ? 'expired' : 'live';
}
