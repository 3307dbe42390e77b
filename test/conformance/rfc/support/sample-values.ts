import type { Resource } from './resources.js';

/** Attributes whose values follow rules of their own; tests of those rules write them. */
export const SPECIAL_ATTRIBUTES: ReadonlySet<string> = new Set([
  'password',
  'roles',
  'members',
  'teamRoles',
  'accountType',
  'defaultTeam',
  'active',
]);

const TEXT_BY_NAME: Readonly<Record<string, string>> = {
  timezone: 'Europe/Berlin',
  locale: 'de-DE',
  preferredLanguage: 'de',
  country: 'DE',
};

/**
 * A value that fits the declaration of a simple attribute in /Schemas. The last canonical value is taken, because
 * the first is often the default and would prove nothing.
 */
function sampleOf(attribute: Resource, parent: string, existingId: string): unknown {
  switch (attribute.type) {
    case 'boolean':
      return true;
    case 'integer':
      return 7;
    case 'decimal':
      return 1.5;
    case 'dateTime':
      return '2026-01-02T03:04:05Z';
    case 'binary':
      return 'AQIDBA==';
    case 'reference':
      return `https://example.com/${parent}/${attribute.name}`;
    default:
      if (parent === 'manager' && attribute.name === 'value') return existingId;
      if (parent === 'emails' && attribute.name === 'value') return 'sample@example.com';
      return attribute.canonicalValues?.at(-1) ?? TEXT_BY_NAME[attribute.name] ?? `sample ${attribute.name}`;
  }
}

export interface SampleWrite {
  /** PATCH path, with the URN for an extension attribute. */
  readonly path: string;
  readonly value: unknown;
  /** What a later read must hold at this place; a partial object for complex values. */
  readonly keys: readonly string[];
}

const isWritable = (attribute: Resource): boolean => attribute.mutability === 'readWrite';

// A $ref to a user is derived from value by the server; writing it alone means nothing.
const isDerived = (attribute: Resource): boolean => attribute.name === '$ref';

/** One PATCH per readWrite attribute and, for singular complex attributes, per sub-attribute of a published schema. */
export function sampleWrites(schema: Resource, isExtension: boolean, existingId: string): SampleWrite[] {
  const writes: SampleWrite[] = [];
  for (const attribute of schema.attributes) {
    if (!isWritable(attribute) || SPECIAL_ATTRIBUTES.has(attribute.name)) continue;
    const path = isExtension ? `${schema.id}:${attribute.name}` : attribute.name;
    const keys = isExtension ? [schema.id, attribute.name] : [attribute.name];
    const subs: Resource[] = (attribute.subAttributes ?? []).filter(
      (sub: Resource) => isWritable(sub) && !isDerived(sub),
    );
    const sample = (each: Resource): unknown => sampleOf(each, attribute.name, existingId);
    if (attribute.type !== 'complex') {
      writes.push({ path, value: attribute.multiValued ? [sample(attribute)] : sample(attribute), keys });
    } else if (attribute.multiValued) {
      writes.push({ path, value: [Object.fromEntries(subs.map((sub) => [sub.name, sample(sub)]))], keys });
    } else {
      for (const sub of subs)
        writes.push({ path: `${path}.${sub.name}`, value: sample(sub), keys: [...keys, sub.name] });
    }
  }
  return writes;
}

/** Every attribute and sub-attribute a filter can name, as paths; passwords excluded. */
export function filterablePaths(schema: Resource, isExtension: boolean): string[] {
  return schema.attributes
    .filter((attribute: Resource) => attribute.returned !== 'never')
    .flatMap((attribute: Resource) => {
      const path = isExtension ? `${schema.id}:${attribute.name}` : attribute.name;
      return [path, ...(attribute.subAttributes ?? []).map((sub: Resource) => `${path}.${sub.name}`)];
    });
}
