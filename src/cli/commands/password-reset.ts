import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatFacts } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const passwordReset = defineDatabaseCommand({
  name: 'password reset',
  summary: 'make a link to a new password for somebody who signs in with one',
  positionals: ['USERNAME'],
  options: {
    mail: { type: 'boolean', help: 'send the link to its owner instead of printing it' },
    organization: organizationOption,
  },
  async execute(values, { output, services }, [userName = '']) {
    const context = await operateIn(services, values.organization);
    const { link, expiresAt } = await services.passwordResets.issueByName(context, userName, {
      sendEmail: values.mail,
    });
    output.out(
      formatFacts([
        ['Account', userName],
        ['Good until', expiresAt],
        ['Link', link ?? 'sent by mail'],
      ]),
    );
    return EXIT.ok;
  },
});
