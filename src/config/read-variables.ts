import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../kernel/result.js';
import { fileErrorCode } from './file-error-code.js';
import { VARIABLE_NAMES, VARIABLES, type VariableName, type VariableValue } from './schema.js';

/** The environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with one variable, without its value: safe to print. */
export interface ConfigProblem {
  readonly variable: string;
  /** Continues the variable's name to a sentence, such as `must be a whole number`. */
  readonly message: string;
}

export type VariableSource = 'environment' | 'file' | 'default';
export type VariableValues = { readonly [Name in VariableName]: VariableValue<Name> };

export interface ReadVariables {
  /** Only to be used when there are no problems: a variable with a problem has its fallback here. */
  readonly values: VariableValues;
  readonly sources: Readonly<Record<VariableName, VariableSource>>;
  readonly problems: readonly ConfigProblem[];
}

/** Reads and parses every variable by itself; a secret from `NAME_FILE` where that is set. An empty one is unset. */
export function readVariables(env: Environment): ReadVariables {
  const values: Partial<Record<VariableName, unknown>> = {};
  const sources: Partial<Record<VariableName, VariableSource>> = {};
  const problems: ConfigProblem[] = [];
  for (const name of VARIABLE_NAMES) {
    const { schema, fallback } = VARIABLES[name];
    values[name] = fallback;
    sources[name] = 'default';
    const text = readText(name, env);
    if (!text.ok) {
      problems.push(text.error);
      continue;
    }
    if (text.value === undefined) continue;
    const parsed = schema.safeParse(text.value.text);
    sources[name] = text.value.source;
    if (parsed.success) values[name] = parsed.data;
    else problems.push({ variable: name, message: parsed.error.issues[0]?.message ?? 'is not acceptable' });
  }
  // The loop has filled in every name, with what its own schema gave.
  return {
    values: values as VariableValues,
    sources: sources as Record<VariableName, VariableSource>,
    problems,
  };
}

type Text = { readonly text: string; readonly source: VariableSource } | undefined;

function readText(name: VariableName, env: Environment): Result<Text, ConfigProblem> {
  const direct = env[name];
  const file = VARIABLES[name].isSecret === true ? env[`${name}_FILE`] : undefined;
  const isGiven = direct !== undefined && direct !== '';
  if (file === undefined || file === '')
    return ok(isGiven ? { text: direct, source: 'environment' } : undefined);
  if (isGiven)
    return err({ variable: name, message: `must not be given twice, as ${name} and as ${name}_FILE` });
  return readSecretFile(`${name}_FILE`, file);
}

function readSecretFile(variable: string, path: string): Result<Text, ConfigProblem> {
  try {
    const text = readFileSync(path, 'utf8').trimEnd();
    return text === '' ? err({ variable, message: 'names an empty file' }) : ok({ text, source: 'file' });
  } catch (error) {
    return err({
      variable,
      message: `names a file that cannot be read (${fileErrorCode(error) ?? 'unknown error'})`,
    });
  }
}
