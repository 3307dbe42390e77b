import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { DESCRIPTION } from './description.js';

const DOCUMENT = 'openapi.yaml';

// Strict about keywords, so that a misspelt one is an error and not a rule that never fails.
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allowUnionTypes: true,
});
addFormats.default(ajv);
// Pointers into the document make the document itself a schema; what OpenAPI has beside schemas says nothing about values.
ajv.addVocabulary(Object.keys(DESCRIPTION));
ajv.addSchema(DESCRIPTION, DOCUMENT);

/**
 * What is wrong with a value by the schema at a JSON pointer into openapi.yaml; empty when nothing is.
 * @throws when the schema itself is wrong
 */
export function findViolations(pointer: string, value: unknown): readonly string[] {
  const reference = `${DOCUMENT}#${pointer.split('/').map(encodeURIComponent).join('/')}`;
  const validate = ajv.getSchema(reference);
  if (!validate) throw new Error(`openapi.yaml has no schema at ${pointer}`);
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
}
