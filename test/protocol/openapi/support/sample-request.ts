import type { JsonValue } from '../../../../src/kernel/json.js';
import type { RequestOptions } from '../../../support/scim-client.js';
import { find, listParts } from './description.js';
import type { Operation } from './operation.js';
import type { World } from './world.js';

/** A request that openapi.yaml gives as an example. */
export interface Sample {
  /** The operationId, and the name of the example when there is one. */
  readonly name: string;
  readonly operation: Operation;
  readonly mediaType?: string;
  readonly body?: JsonValue;
}

/** The requests of an operation: one for each example of a body, or one without a body. */
export function samplesOf(operation: Operation): readonly Sample[] {
  const samples = operation.bodies.flatMap(([mediaType, body]) =>
    listParts(find(body, 'examples')).map(([example, { value }]) => ({
      name: `${operation.id} ${example}`,
      operation,
      mediaType,
      body: value['value'] as JsonValue,
    })),
  );
  return operation.bodies.length === 0 ? [{ name: operation.id, operation }] : samples;
}

/** The first of them. */
export function sampleOf(operation: Operation): Sample {
  const [sample] = samplesOf(operation);
  if (!sample) throw new Error(`${operation.id} has no example of its body`);
  return sample;
}

/** The sample's address in a world, with the parameters that are required. */
export function pathOf({ operation }: Sample, world: World): string {
  const query = new URLSearchParams();
  let { path } = operation;
  for (const { name, place, isRequired, values, examples } of operation.parameters) {
    const [value] = [...examples, ...values].map(world.place);
    if (place === 'path') path = path.replace(`{${name}}`, value ?? idIn(operation.path, world));
    else if (isRequired && value !== undefined) query.set(name, value);
  }
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The id of the resource that a world has at `/scim/v2/Users/{id}` and its like. */
function idIn(path: string, { ids }: World): string {
  const known: Readonly<Record<string, string>> = { Users: ids.ada, Groups: ids.group, Roles: ids.role };
  const id = known[path.split('/').at(-2) ?? ''];
  if (id === undefined) throw new Error(`openapi.yaml shows no value for the parameter of ${path}`);
  return id;
}

/** The sample's body in a world, with its media type. */
export function optionsOf({ body, mediaType }: Sample, world: World): RequestOptions {
  if (body === undefined || mediaType === undefined) return {};
  const text = world.place(JSON.stringify(body));
  const isForm = mediaType === 'application/x-www-form-urlencoded';
  return {
    raw: isForm ? new URLSearchParams(JSON.parse(text) as Record<string, string>).toString() : text,
    headers: { 'content-type': mediaType },
  };
}
