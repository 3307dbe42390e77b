import { readFileSync } from 'node:fs';
import { MIN_PASSWORD_LENGTH } from '../../kernel/password-hash.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { CommandFailure } from '../failure.js';
import { formatFacts } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const adminCreate = defineDatabaseCommand({
  name: 'admin create',
  summary: 'make an admin who signs in with a password',
  options: {
    email: { type: 'string', placeholder: 'EMAIL', help: 'also the user name', isRequired: true },
    protected: { type: 'boolean', help: 'break-glass account: SCIM may not change it' },
    'password-file': {
      type: 'string',
      placeholder: 'FILE',
      help: `holds the password, ${MIN_PASSWORD_LENGTH} characters or more; otherwise it is asked for, or read from stdin`,
    },
    organization: organizationOption,
  },
  readInput: (values, terminal) =>
    values['password-file'] === undefined
      ? terminal.readSecret('Password')
      : Promise.resolve(readPassword(values['password-file'])),
  async execute(values, { output, services, input = '' }) {
    const context = await operateIn(services, values.organization);
    const id = await services.setup.createAdmin(context, {
      email: values.email,
      password: input,
      isProtected: values.protected,
    });
    output.out(
      formatFacts([
        ['Admin', values.email],
        ['Id', id],
        ['Protected', values.protected ? 'yes' : 'no'],
      ]),
    );
    return EXIT.ok;
  },
});

/** As with every secret in a file, white space at its end is dropped. */
function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    throw new CommandFailure(`The password file cannot be read: ${(error as Error).message}`);
  }
}
