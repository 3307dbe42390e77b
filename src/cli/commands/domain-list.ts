import { challengeOf } from '../../directory/sign-on/sso-domain-service.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatTable } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const domainList = defineDatabaseCommand({
  name: 'domain list',
  summary: 'list e-mail domains, where their people sign in, and what verifies them',
  options: { organization: organizationOption },
  async execute(values, { output, services }) {
    const { organizationId } = await operateIn(services, values.organization);
    const connections = await services.ssoConnections.list(organizationId);
    const names = new Map(connections.map(({ id, name }) => [id, name]));
    const rows = (await services.ssoDomains.list(organizationId)).map((domain) => [
      domain.domain,
      names.get(domain.ssoConnectionId) ?? '',
      domain.verifiedAt ?? `TXT ${challengeOf(domain).recordName} ${challengeOf(domain).recordValue}`,
    ]);
    output.out(formatTable(['DOMAIN', 'SSO CONNECTION', 'VERIFIED, OR BY WHAT'], rows));
    return EXIT.ok;
  },
});
