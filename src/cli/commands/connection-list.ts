import { defineDatabaseCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { formatTable } from '../format-table.js';
import { operateIn, organizationOption } from './organization.js';

export const connectionList = defineDatabaseCommand({
  name: 'connection list',
  summary: 'list connections and their settings',
  options: { organization: organizationOption },
  async execute(values, { output, services }) {
    const { organizationId } = await operateIn(services, values.organization);
    const connections = await services.connections.list(organizationId);
    const header = [
      'NAME',
      'ID',
      'MODE',
      'GROUP DELETE',
      'USER DELETE',
      'ADMIN GRANT',
      'EXTERNAL IDS',
      'STATE',
    ];
    const rows = connections.map(({ name, id, settings, isEnabled }) => [
      name,
      id,
      settings.mode,
      settings.onGroupDelete,
      settings.onUserDelete,
      settings.mayGrantAdmin ? 'allowed' : 'forbidden',
      settings.hasUniqueExternalIds ? 'unique' : 'any',
      isEnabled ? 'enabled' : 'disabled',
    ]);
    output.out(formatTable(header, rows));
    return EXIT.ok;
  },
});
