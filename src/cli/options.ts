import { parseArgs } from 'node:util';
import { UsageError } from './failure.js';

interface StringOption {
  readonly type: 'string';
  /** Stands for the value in the usage text: `NAME`. */
  readonly placeholder: string;
  readonly help: string;
  readonly isRequired?: boolean;
  /** The only values there are. */
  readonly choices?: readonly string[];
}

interface Flag {
  readonly type: 'boolean';
  readonly help: string;
}

/** Options of a command by name, without the dashes. */
export type Options = Readonly<Record<string, StringOption | Flag>>;

type Choice<O> = O extends { readonly choices: readonly (infer Value)[] } ? Value : string;

/** What the options of a command are once parsed. A flag that is not given is false. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Flag
    ? boolean
    : O[Name] extends { readonly isRequired: true }
      ? Choice<O[Name]>
      : Choice<O[Name]> | undefined;
};

export interface Parsed<O extends Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
}

/**
 * Reads the arguments after a command's name.
 * @param positionals names of the arguments without dashes, all of them required
 * @throws UsageError for anything that is not in `options`, not among the choices, or missing
 */
export function parseOptions<const O extends Options>(
  options: O,
  positionals: readonly string[],
  args: readonly string[],
): Parsed<O> {
  const parsed = parse(options, args);
  for (const [name, option] of Object.entries(options)) checkValue(name, option, parsed.values[name]);
  const [surplus] = parsed.positionals.slice(positionals.length);
  if (surplus !== undefined) throw new UsageError(`Unexpected argument "${surplus}".`);
  const missing = positionals[parsed.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  const flags = Object.entries(options).filter(([, option]) => option.type === 'boolean');
  const defaults = Object.fromEntries(flags.map(([name]) => [name, false]));
  return { values: { ...defaults, ...parsed.values } as Values<O>, positionals: parsed.positionals };
}

interface RawParsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parse(options: Options, args: readonly string[]): RawParsed {
  const types = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  try {
    return parseArgs({ args: [...args], options: types, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's messages go on with advice about positional arguments after the first sentence.
    const [sentence = ''] = (error as Error).message.split(/[.\n]/, 1);
    throw new UsageError(`${sentence}.`);
  }
}

function checkValue(name: string, option: StringOption | Flag, value: unknown): void {
  if (option.type === 'boolean') return;
  if (value === '') throw new UsageError(`--${name} needs a value.`);
  if (value === undefined) {
    if (option.isRequired === true) throw new UsageError(`--${name} ${option.placeholder} is missing.`);
    return;
  }
  if (option.choices !== undefined && !option.choices.some((choice) => choice === value))
    throw new UsageError(`--${name} must be one of ${option.choices.join(', ')}.`);
}

/** `value` as a whole number of at least 1. @throws UsageError */
export function parsePositiveInteger(name: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new UsageError(`--${name} must be a whole number, 1 or more.`);
  return Number(value);
}
