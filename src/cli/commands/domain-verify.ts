import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatFacts } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const domainVerify = defineDatabaseCommand({
  name: 'domain verify',
  summary: 'believe an e-mail domain without a record in its DNS, and send its people to an SSO connection',
  options: {
    'sso-connection': {
      type: 'string',
      placeholder: 'NAME',
      help: 'where people of the domain sign in: a name or an id',
      isRequired: true,
    },
    organization: organizationOption,
  },
  positionals: ['DOMAIN'],
  async execute(values, { output, services }, [name = '']) {
    const context = await operateIn(services, values.organization);
    const connection = await services.ssoConnections.get(context.organizationId, values['sso-connection']);
    const domain = await services.ssoDomains.verifyByOperator(context, connection.id, name);
    output.out(
      formatFacts([
        ['Domain', domain.domain],
        ['SSO connection', connection.name],
        ['Verified', domain.verifiedAt ?? 'no'],
      ]),
    );
    return EXIT.ok;
  },
});
