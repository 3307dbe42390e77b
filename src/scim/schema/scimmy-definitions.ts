/**
 * The attribute catalogue in scimmy's terms; the only user of scimmy. Its definitions serve discovery alone: reading,
 * filtering and patching resources is done from the catalogue itself.
 */
import { Resources, Types } from 'scimmy';
import {
  RESOURCE_TYPES,
  type Attribute,
  type ResourceSchema,
  type ResourceType,
} from '../../directory/schema/index.js';

function toScimmyAttribute(attribute: Attribute): Types.Attribute {
  const { type, name, canonicalValues, referenceTypes } = attribute;
  return new Types.Attribute(
    type,
    name,
    {
      description: attribute.description,
      multiValued: attribute.multiValued,
      required: attribute.required,
      caseExact: attribute.caseExact,
      mutable: attribute.mutability,
      returned: attribute.returned,
      uniqueness: attribute.uniqueness,
      ...(canonicalValues ? { canonicalValues: [...canonicalValues] } : {}),
      ...(referenceTypes ? { referenceTypes: [...referenceTypes] } : {}),
    },
    attribute.subAttributes.map(toScimmyAttribute),
  );
}

const toScimmyDefinition = ({ name, id, description, attributes }: ResourceSchema): Types.SchemaDefinition =>
  new Types.SchemaDefinition(name, id, description, attributes.map(toScimmyAttribute));

function toScimmyResource(type: ResourceType): typeof Types.Resource {
  const definition = toScimmyDefinition(type.schema);
  for (const extension of type.extensions) definition.extend(toScimmyDefinition(extension), false);
  const schema = class extends Types.Schema {
    static override readonly id = definition.id;
    static override readonly definition = definition;
  };
  return class extends Types.Resource {
    static override readonly endpoint = type.endpoint;
    static override readonly schema = schema;
    /** Where resources live is asked for on every request, and of no use: no resource is ever served from here. */
    static override basepath = (): string => type.endpoint;
    /** A resource type has words of its own; scimmy would repeat those of the schema. */
    static override describe(): Types.Resource.ResourceDescription {
      return { ...super.describe(), id: type.name, name: type.name, description: type.description };
    }
  };
}

let isDeclared = false;

/** Declares every resource type and schema of the catalogue in scimmy's registry, which is one per process. */
export function declareCatalogue(): void {
  if (isDeclared) return;
  for (const type of RESOURCE_TYPES) Resources.declare(toScimmyResource(type), type.name);
  isDeclared = true;
}
