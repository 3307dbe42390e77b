import { defineProcessCommand } from '../command.js';
import { EXIT } from '../exit-code.js';

export const version = defineProcessCommand({
  name: 'version',
  summary: 'print the version',
  options: {},
  run(_values, { terminal, installation }) {
    terminal.out(`${installation.version}\n`);
    return Promise.resolve(EXIT.ok);
  },
});
