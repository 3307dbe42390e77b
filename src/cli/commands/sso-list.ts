import type { SsoConnection } from '../../directory/sign-on/sso-connection.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatTable } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

const HEADER = ['NAME', 'ID', 'KIND', 'IDENTITY PROVIDER', 'PROVISIONS', 'DEFAULT ROLE', 'ORIGIN', 'STATE'];

const providerOf = (connection: SsoConnection): string =>
  connection.kind === 'saml' ? connection.settings.idpEntityId : connection.settings.issuer;

export const ssoList = defineDatabaseCommand({
  name: 'sso list',
  summary: 'list the identity providers at which people sign in',
  options: { organization: organizationOption },
  async execute(values, { output, services, config }) {
    const { organizationId } = await operateIn(services, values.organization);
    const connections = await services.ssoConnections.list(organizationId);
    const rows = connections.map((connection) => [
      connection.name,
      connection.id,
      connection.kind,
      providerOf(connection),
      connection.provisions && !config.sso.isProvisioningDisabled ? 'yes' : 'no',
      connection.defaultRole,
      connection.origin,
      connection.isEnabled ? 'enabled' : 'disabled',
    ]);
    output.out(formatTable(HEADER, rows));
    return EXIT.ok;
  },
});
