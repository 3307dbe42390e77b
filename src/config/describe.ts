import { readVariables, type Environment, type VariableSource } from './read-variables.js';
import { VARIABLE_NAMES, VARIABLES, type VariableName } from './schema.js';

/** One line of the effective configuration, safe to print. */
export interface DescribedVariable {
  readonly variable: VariableName;
  /** What holds, with secrets masked. */
  readonly value: string;
  readonly source: VariableSource;
  readonly problem: string | undefined;
}

const MASK = '********';

/** The effective configuration, variable by variable, for a person who looks for a mistake in it. */
export function describeConfig(env: Environment): readonly DescribedVariable[] {
  const { values, sources, problems } = readVariables(env);
  return VARIABLE_NAMES.map((variable) => ({
    variable,
    value: describeValue(variable, values[variable]?.toString()),
    source: sources[variable],
    problem: problems.find(
      (problem) => problem.variable === variable || problem.variable === `${variable}_FILE`,
    )?.message,
  }));
}

function describeValue(variable: VariableName, value: string | undefined): string {
  if (value === undefined) return VARIABLES[variable].default ?? 'unset';
  if (variable === 'DATABASE_URL') return maskUrl(value);
  return VARIABLES[variable].isSecret === true ? MASK : value;
}

/** Host and database are what one looks for; the query may hold a password too, so it goes. */
function maskUrl(text: string): string {
  if (!URL.canParse(text)) return MASK;
  const url = new URL(text);
  if (url.password !== '') url.password = MASK;
  url.search = '';
  url.hash = '';
  return url.href;
}
