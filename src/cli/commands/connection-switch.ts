import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { operateIn, organizationOption } from './organization.js';

const switchCommand = (verb: 'enable' | 'disable', summary: string) =>
  defineDatabaseCommand({
    name: `connection ${verb}`,
    summary,
    options: { organization: organizationOption },
    positionals: ['CONNECTION'],
    async execute(values, { output, services }, [name = '']) {
      const context = await operateIn(services, values.organization);
      const { id } = await services.connections.get(context.organizationId, name);
      const connection = await services.connections.setEnabled(context, id, verb === 'enable');
      output.out(`${verb === 'enable' ? 'Enabled' : 'Disabled'} ${connection.name}\n`);
      return EXIT.ok;
    },
  });

export const connectionEnable = switchCommand('enable', "let a connection's tokens in again");
export const connectionDisable = switchCommand(
  'disable',
  'refuse every token of a connection; what it made stays',
);
