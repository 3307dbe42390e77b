import { isUuid } from '../../kernel/ids.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { UsageError } from '../failure.js';
import { operateIn, organizationOption } from './organization.js';

export const tokenRevoke = defineDatabaseCommand({
  name: 'token revoke',
  summary: 'end a token or client secret at once, with the access tokens made from it',
  options: { organization: organizationOption },
  positionals: ['ID'],
  async execute(values, { output, services }, [id = '']) {
    if (!isUuid(id)) throw new UsageError('ID is the id that `token list` shows, not the secret.');
    const context = await operateIn(services, values.organization);
    await services.connections.revokeToken(context, id);
    output.out(`Revoked ${id}\n`);
    return EXIT.ok;
  },
});
