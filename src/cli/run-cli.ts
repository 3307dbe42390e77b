import type { Environment } from '../config/index.js';
import type { Command, ProcessContext } from './command.js';
import { commands } from './commands/index.js';
import type { Composition } from './composition.js';
import { runDatabaseCommand } from './database-runner.js';
import { EXIT } from './exit-code.js';
import { reportFailure, UsageError } from './failure.js';
import { findInstallation } from './installation.js';
import { createTerminal, type Terminal } from './terminal.js';
import { renderCommandUsage, renderUsage } from './usage.js';

const HELP_FLAGS: readonly string[] = ['--help', '-h'];

/**
 * The program: finds the command that `argv` names and runs it.
 * @param argv the arguments after the program's name
 * @returns the exit code: 0, 1 when the command failed, 64 when it was given wrongly, 78 for a wrong configuration
 */
export async function runCli(
  argv: readonly string[],
  env: Environment,
  composition: Composition,
  terminal: Terminal = createTerminal(),
): Promise<number> {
  const installation = findInstallation();
  const [first = 'help'] = argv;
  if (first === 'help' || HELP_FLAGS.includes(first)) return showHelp(argv.slice(1), terminal);
  const found = findCommand(first === '--version' ? ['version'] : argv);
  if (found === undefined) return rejectUnknown(argv, terminal);
  if (found.args.some((argument) => HELP_FLAGS.includes(argument))) {
    terminal.out(renderCommandUsage(found.command));
    return EXIT.ok;
  }
  return run(found.command, found.args, { terminal, env, composition, installation });
}

async function run(command: Command, args: readonly string[], context: ProcessContext): Promise<number> {
  try {
    return command.kind === 'process'
      ? await command.run(args, context)
      : await runDatabaseCommand(command, args, context);
  } catch (error) {
    const exitCode = reportFailure(error, context.terminal);
    if (error instanceof UsageError) context.terminal.err(`\n${renderCommandUsage(command)}`);
    return exitCode;
  }
}

/** The command whose name `argv` begins with; the longer name first. */
function findCommand(
  argv: readonly string[],
): { readonly command: Command; readonly args: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const name = argv.slice(0, words).join(' ');
    const command = commands.find((candidate) => candidate.name === name && !isInternal(candidate));
    if (command !== undefined) return { command, args: argv.slice(words) };
  }
  return undefined;
}

const isInternal = (command: Command): boolean => command.kind === 'database' && command.isInternal;

function showHelp(argv: readonly string[], terminal: Terminal): number {
  if (argv.length === 0) {
    terminal.out(renderUsage(commands));
    return EXIT.ok;
  }
  const found = findCommand(argv);
  if (found === undefined) return rejectUnknown(argv, terminal);
  terminal.out(renderCommandUsage(found.command));
  return EXIT.ok;
}

function rejectUnknown(argv: readonly string[], terminal: Terminal): number {
  const [first = ''] = argv;
  const related = commands.filter(({ name }) => name.startsWith(`${first} `));
  const typed = related.length > 0 ? argv.slice(0, 2).join(' ') : first;
  terminal.err(`There is no command "${typed}".\n\n${renderUsage(related.length > 0 ? related : commands)}`);
  return EXIT.usage;
}
