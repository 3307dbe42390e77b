import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CONNECTION_MODES } from '../../../src/directory/connections/connection.js';

const range = z.tuple([z.int(), z.int()]);

/** `bearer` and `basic` may hold placeholders; `none` sends no Authorization header. */
const credentials = z.union([
  z.literal('none'),
  z.strictObject({ bearer: z.string() }),
  z.strictObject({ basic: z.tuple([z.string(), z.string()]) }),
]);

const step = z.strictObject({
  /** Why the client sends this, or why the answer matters. */
  note: z.string().optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Relative to the SCIM base, percent-encoded the way the client does it. */
  path: z.string().startsWith('/'),
  /** Over the client's own headers; null takes one away. */
  headers: z.record(z.string(), z.string().nullable()).optional(),
  credentials: credentials.optional(),
  /** Sends the step once for each number of the range, both ends included, as `{{i}}`. */
  repeat: range.optional(),
  body: z.json().optional(),
  expect: z.strictObject({
    status: z.int(),
    headers: z.record(z.string(), z.json()).optional(),
    body: z.json().optional(),
    /** Paths that must lead nowhere; null and empty values count as present. */
    absent: z.array(z.string()).optional(),
    /** Name to path. Saved values are usable from this step's own expectations on. */
    save: z.record(z.string(), z.string()).optional(),
  }),
});

const fixture = z.strictObject({
  name: z.string().min(1),
  /** The public document, capture or issue that shows the client doing this. */
  source: z.string().min(1),
  settings: z
    .strictObject({
      mode: z.exactOptional(z.enum(CONNECTION_MODES)),
      onGroupDelete: z.exactOptional(z.enum(['archive', 'refuse'])),
      onUserDelete: z.exactOptional(z.enum(['deactivate', 'remove'])),
      mayGrantAdmin: z.exactOptional(z.boolean()),
      hasUniqueExternalIds: z.exactOptional(z.boolean()),
    })
    .optional(),
  /** Where the client was told SCIM lives. */
  base: z.enum(['/scim/v2', '/scim']).default('/scim/v2'),
  credentials: credentials.default({ bearer: '{{TOKEN}}' }),
  steps: z.array(step).min(1),
});

export type Credentials = z.infer<typeof credentials>;
export type Step = z.infer<typeof step>;
/** One exchange of a client with the server, from a fresh organization on. */
export type Fixture = z.infer<typeof fixture>;

export interface ClientFixture {
  /** Name of the folder, a key of CLIENT_HEADERS. */
  readonly client: string;
  readonly file: string;
  readonly fixture: Fixture;
}

/** Checks the shape of a fixture; throws a ZodError that names each misspelt or missing key. */
export const parseFixture = (json: unknown): Fixture => fixture.parse(json);

/** Every `{client}/*.json` beside this file, in alphabetical order. */
export const readFixtures = (): ClientFixture[] => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const clients = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return clients.flatMap(({ name: client }) =>
    readdirSync(join(root, client))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => {
        const text = readFileSync(join(root, client, file), 'utf8');
        try {
          return { client, file, fixture: parseFixture(JSON.parse(text)) };
        } catch (cause) {
          throw new Error(`${client}/${file} is not a fixture`, { cause });
        }
      }),
  );
};
