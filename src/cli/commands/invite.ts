import { ORGANIZATION_ROLES } from '../../directory/schema/index.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatFacts } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const invite = defineDatabaseCommand({
  name: 'invite',
  summary: 'ask somebody to join, by mail or by a link to hand over',
  positionals: ['EMAIL'],
  options: {
    role: {
      type: 'string',
      placeholder: 'ROLE',
      choices: ORGANIZATION_ROLES,
      help: 'of the organization; member unless given',
    },
    link: { type: 'boolean', help: 'send no mail, print the link' },
    organization: organizationOption,
  },
  async execute(values, { output, services }, [email = '']) {
    const context = await operateIn(services, values.organization);
    const issued = await services.invitations.invite(context, {
      emails: [email],
      organizationRole: values.role,
      seat: undefined,
      teamRoles: [],
      sendEmail: !values.link,
    });
    for (const { invitation, link } of issued)
      output.out(
        formatFacts([
          ['Invited', invitation.email],
          ['Role', invitation.organizationRole],
          ['Good until', invitation.expiresAt],
          ['Link', link ?? 'sent by mail'],
        ]),
      );
    return EXIT.ok;
  },
});
