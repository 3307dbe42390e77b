import {
  COMMON_ATTRIBUTES,
  type AttributePath,
  type ResourceType,
} from '../../../src/directory/schema/index.js';
import type { JsonObject } from '../../../src/kernel/json.js';

/** The id of a wire resource. */
export function idOf({ id }: JsonObject): string {
  if (typeof id !== 'string') throw new Error('a resource has no id');
  return id;
}

/** Every attribute of a type that an answer can show, and each of its sub-attributes: all that a filter may name. */
export function pathsOf(type: ResourceType): readonly AttributePath[] {
  const schemas = [
    {
      schema: type.schema,
      isExtension: false,
      attributes: [...COMMON_ATTRIBUTES, ...type.schema.attributes],
    },
    ...type.extensions.map((schema) => ({ schema, isExtension: true, attributes: schema.attributes })),
  ];
  return schemas.flatMap(({ schema, isExtension, attributes }) =>
    attributes
      .filter(({ returned }) => returned !== 'never')
      .flatMap((attribute) => {
        const path: AttributePath = { schema, isExtension, attribute, sub: undefined };
        return [path, ...attribute.subAttributes.map((sub): AttributePath => ({ ...path, sub }))];
      }),
  );
}
