import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatFacts } from '../format-table.js';
import { parsePositiveInteger } from '../options.js';
import { operateIn, organizationOption } from './organization.js';

export const tokenCreate = defineDatabaseCommand({
  name: 'token create',
  summary: "make a connection's token or client secret, shown once",
  options: {
    connection: {
      type: 'string',
      placeholder: 'NAME',
      help: 'name or id of the connection',
      isRequired: true,
    },
    name: { type: 'string', placeholder: 'NAME', help: 'to recognise it in lists' },
    kind: {
      type: 'string',
      placeholder: 'KIND',
      choices: ['bearer', 'client-secret'],
      help: 'bearer (default), or client-secret for OAuth 2.0 client credentials',
    },
    'expires-in-days': {
      type: 'string',
      placeholder: 'N',
      help: 'days until it expires; never unless given',
    },
    organization: organizationOption,
  },
  async execute(values, { output, services, config }) {
    const days = values['expires-in-days'];
    const expiresInDays = days === undefined ? undefined : parsePositiveInteger('expires-in-days', days);
    const isClientSecret = values.kind === 'client-secret';
    const context = await operateIn(services, values.organization);
    const connection = await services.connections.get(context.organizationId, values.connection);
    const issued = await services.connections.issueToken(context, connection.id, {
      kind: isClientSecret ? 'client_secret' : 'bearer',
      name: values.name ?? 'command line',
      expiresInDays,
    });
    const { publicUrl } = config.http;
    output.out(
      formatFacts([
        ['SCIM base URL', `${publicUrl}/scim/v2`],
        ...(isClientSecret
          ? ([
              ['Token endpoint', `${publicUrl}/oauth/token`],
              ['Client id', connection.id],
              ['Client secret', issued.secret],
              ['Scope', 'scim'],
            ] as const)
          : ([['Token', issued.secret]] as const)),
        ['Expires', issued.expiresAt ?? 'never'],
        ['Id', issued.id],
      ]),
    );
    output.err('\nThe secret is not shown again. The server keeps only its hash.\n');
    return EXIT.ok;
  },
});
