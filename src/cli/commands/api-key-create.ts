import { API_KEY_SCOPES } from '../../directory/principals/index.js';
import { toInstant, systemClock } from '../../kernel/clock.js';
import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { CommandFailure } from '../failure.js';
import { formatFacts } from '../format-table.js';
import { parsePositiveInteger } from '../options.js';
import { operateIn, organizationOption } from './organization.js';

const DAY = 86_400_000;

export const apiKeyCreate = defineDatabaseCommand({
  name: 'api-key create',
  summary: "make an account's API key, shown once",
  options: {
    user: {
      type: 'string',
      placeholder: 'USER-NAME',
      help: 'userName of the account',
      isRequired: true,
    },
    name: { type: 'string', placeholder: 'NAME', help: 'to recognise it in lists' },
    scopes: {
      type: 'string',
      placeholder: 'LIST',
      help: `${API_KEY_SCOPES.join(', ')} with commas between; admin unless given`,
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
    const lifetime = days === undefined ? undefined : parsePositiveInteger('expires-in-days', days) * DAY;
    const scopes = (values.scopes ?? 'admin').split(',').map((text) => {
      const scope = API_KEY_SCOPES.find((known) => known === text.trim());
      if (!scope) throw new CommandFailure(`There is no scope "${text.trim()}".`);
      return scope;
    });
    const context = await operateIn(services, values.organization);
    const { memberships } = services.unitOfWork.stores;
    const [account] = await memberships.findCandidates(context.organizationId, { userName: values.user });
    if (!account) throw new CommandFailure(`There is no account "${values.user}".`);
    const { key, secret } = await services.apiKeys.issue(context, account.id, {
      name: values.name ?? 'command line',
      scopes,
      expiresAt: lifetime === undefined ? undefined : toInstant(systemClock.now() + lifetime),
    });
    output.out(
      formatFacts([
        ['API', `${config.http.publicUrl}/api/v1`],
        ['Key', secret],
        ['Scopes', key.scopes.join(', ')],
        ['Expires', key.expiresAt ?? 'never'],
        ['Id', key.id],
      ]),
    );
    output.err('\nThe secret is not shown again. The server keeps only its hash.\n');
    return EXIT.ok;
  },
});
