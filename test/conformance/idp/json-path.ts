import { isJsonObject } from '../../../src/kernel/json.js';

const STEP = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\["([^"\]]+)"\]/y;

const parseJsonPath = (path: string): (string | number)[] => {
  if (!path.startsWith('$')) throw new Error(`a path starts with $: ${path}`);
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(path);
    if (found === null) throw new Error(`cannot read the path ${path} at character ${at}`);
    steps.push(found[2] === undefined ? (found[1] ?? found[3] ?? '') : Number(found[2]));
  }
  return steps;
};

/**
 * Follows `$`, `$.name.givenName`, `$.Resources[0].id` or `$["urn:…:User"].manager`. Answers undefined where the path
 * leads nowhere and throws when it cannot be read.
 */
export const readJsonPath = (value: unknown, path: string): unknown =>
  parseJsonPath(path).reduce<unknown>((at, step) => {
    if (typeof step === 'number') return Array.isArray(at) ? at[step] : undefined;
    return isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, value);
