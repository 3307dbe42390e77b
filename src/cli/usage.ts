import type { Command } from './command.js';
import type { Options } from './options.js';

/** How the program is called from its own directory; a container image has `rollcall` on its path. */
const PROGRAM = 'npm run rollcall --';

/** The list of commands. */
export function renderUsage(commands: readonly Command[]): string {
  const shown = commands.filter((command) => command.kind === 'process' || !command.isInternal);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('');
  return `Usage: ${PROGRAM} COMMAND [OPTIONS]

Commands:
${lines}
Options of a command: ${PROGRAM} help COMMAND
Configuration: environment variables, see docs/configuration.md
`;
}

/** What one command takes. */
export function renderCommandUsage({ name, summary, options, positionals }: Command): string {
  const required = Object.entries(options).map(([option, spec]) =>
    spec.type === 'string' && spec.isRequired === true ? ` --${option} ${spec.placeholder}` : '',
  );
  const call = [name, ...positionals].join(' ') + required.join('');
  const details = renderOptions(options);
  return `${capitalise(summary)}.

Usage: ${PROGRAM} ${call}${details === '' ? '' : ` [OPTIONS]\n\nOptions:\n${details}`}
`;
}

function renderOptions(options: Options): string {
  const entries = Object.entries(options).map(([name, spec]) => ({
    call: spec.type === 'string' ? `--${name} ${spec.placeholder}` : `--${name}`,
    help: spec.help,
  }));
  const width = Math.max(0, ...entries.map(({ call }) => call.length));
  return entries.map(({ call, help }) => `  ${call.padEnd(width)}  ${help}`).join('\n');
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
