import { CONNECTION_MODES } from '../../directory/connections/connection.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatFacts } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const connectionCreate = defineDatabaseCommand({
  name: 'connection create',
  summary: "make an identity provider's connection",
  options: {
    name: { type: 'string', placeholder: 'NAME', help: 'its name, such as okta', isRequired: true },
    mode: {
      type: 'string',
      placeholder: 'MODE',
      choices: CONNECTION_MODES,
      help: 'lenient takes every known client dialect (default), strict is RFC 7644, interop the interoperability profile',
    },
    'on-group-delete': {
      type: 'string',
      placeholder: 'ACTION',
      choices: ['archive', 'refuse'],
      help: 'what a DELETE of a group does: archive the team (default) or refuse',
    },
    'on-user-delete': {
      type: 'string',
      placeholder: 'ACTION',
      choices: ['deactivate', 'remove'],
      help: 'what a DELETE of a user does: deactivate the account (default) or remove its data for good',
    },
    'no-admin-grant': { type: 'boolean', help: 'forbid making anybody an admin' },
    'unique-external-ids': { type: 'boolean', help: 'refuse a second resource with the same externalId' },
    organization: organizationOption,
  },
  async execute(values, { output, services }) {
    const context = await operateIn(services, values.organization);
    const connection = await services.connections.create(context, values.name, {
      ...(values.mode === undefined ? {} : { mode: values.mode }),
      ...(values['on-group-delete'] === undefined ? {} : { onGroupDelete: values['on-group-delete'] }),
      ...(values['on-user-delete'] === undefined ? {} : { onUserDelete: values['on-user-delete'] }),
      ...(values['no-admin-grant'] ? { mayGrantAdmin: false } : {}),
      ...(values['unique-external-ids'] ? { hasUniqueExternalIds: true } : {}),
    });
    output.out(
      formatFacts([
        ['Connection', connection.name],
        ['Id', connection.id],
      ]),
    );
    output.err(`\nIts token: npm run rollcall -- token create --connection "${connection.name}"\n`);
    return EXIT.ok;
  },
});
