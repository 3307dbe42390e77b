import type { Config, Environment } from '../config/index.js';
import type { DatabaseConnection } from '../persistence/index.js';
import type { Services } from '../app.js';
import type { Composition, Installation } from './composition.js';
import { parseOptions, type Options, type Values } from './options.js';
import type { Output, Terminal } from './terminal.js';

interface Described {
  /** As it is typed: `token create`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: Options;
  /** Names of the arguments without dashes. */
  readonly positionals: readonly string[];
}

/** What a command that runs in this process has. */
export interface ProcessContext {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly composition: Composition;
  readonly installation: Installation;
}

/** A command that runs where it was typed. */
export interface ProcessCommand extends Described {
  readonly kind: 'process';
  /** @returns the exit code. @throws UsageError, CommandFailure, DomainError */
  run(args: readonly string[], context: ProcessContext): Promise<number>;
}

/** What a command on the database has, in whichever process it runs. */
export interface DatabaseContext {
  readonly output: Output;
  readonly config: Config;
  readonly connection: DatabaseConnection;
  readonly services: Services;
  /** What `readInput` gave. */
  readonly input: string | undefined;
  /** Where the server listens that runs this command; undefined in a process of its own. */
  readonly serverUrl: string | undefined;
}

/**
 * A command on the database. It runs in this process, or, when a running server holds the embedded database, in that
 * server: so it may read nothing but its arguments, its input and the context.
 */
export interface DatabaseCommand extends Described {
  readonly kind: 'database';
  /** True for a step of another command, which help does not list. */
  readonly isInternal: boolean;
  /** False for commands that look after the schema themselves. */
  readonly needsSchema: boolean;
  /** @throws UsageError */
  check(args: readonly string[]): void;
  /** Reads, where it was typed, what must not stand among the arguments. */
  readInput(args: readonly string[], terminal: Terminal): Promise<string | undefined>;
  /** @returns the exit code. @throws UsageError, CommandFailure, DomainError */
  execute(args: readonly string[], context: DatabaseContext): Promise<number>;
}

export type Command = ProcessCommand | DatabaseCommand;

interface ProcessCommandSource<O extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly options: O;
  run(values: Values<O>, context: ProcessContext): Promise<number>;
}

export function defineProcessCommand<const O extends Options>(
  source: ProcessCommandSource<O>,
): ProcessCommand {
  const { name, summary, options } = source;
  return {
    kind: 'process',
    name,
    summary,
    options,
    positionals: [],
    run: (args, context) => source.run(parseOptions(options, [], args).values, context),
  };
}

interface DatabaseCommandSource<O extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly options: O;
  readonly positionals?: readonly string[];
  readonly isInternal?: boolean;
  readonly needsSchema?: boolean;
  readInput?(values: Values<O>, terminal: Terminal): Promise<string>;
  execute(values: Values<O>, context: DatabaseContext, positionals: readonly string[]): Promise<number>;
}

export function defineDatabaseCommand<const O extends Options>(
  source: DatabaseCommandSource<O>,
): DatabaseCommand {
  const { name, summary, options, positionals = [], isInternal = false, needsSchema = true } = source;
  const parse = (args: readonly string[]) => parseOptions(options, positionals, args);
  return {
    kind: 'database',
    name,
    summary,
    options,
    positionals,
    isInternal,
    needsSchema,
    check: (args) => void parse(args),
    readInput: async (args, terminal) => source.readInput?.(parse(args).values, terminal),
    async execute(args, context) {
      const parsed = parse(args);
      return source.execute(parsed.values, context, parsed.positionals);
    },
  };
}
