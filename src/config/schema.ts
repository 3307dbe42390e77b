/**
 * Every environment variable there is: how it is read, what it means and what holds without it. `load.ts` reads it,
 * `describe.ts` shows it and `docs/configuration.md` is rendered from it, so nothing can be listed in one place only.
 */
import { z } from 'zod';
import { parseMailbox } from '../kernel/email-address.js';
import { MIN_PASSWORD_LENGTH } from '../kernel/password-hash.js';
import { parseTrustProxy, type TrustProxy } from './trust-proxy.js';

interface Variable<Value, Fallback extends Value | undefined> {
  readonly schema: z.ZodType<Value, string>;
  /** Stands in for the variable when it is unset. Defaults derived from other variables are in `load.ts`. */
  readonly fallback: Fallback;
  /** What holds when the variable is unset, in the words of the documentation; absent when nothing does. */
  readonly default?: string;
  /** One or two sentences of Markdown. */
  readonly description: string;
  /** Never shown, and may also be given as the path of a file in `NAME_FILE`. */
  readonly isSecret?: true;
}

const MIN_SECRET_LENGTH = 32;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Options = Pick<Variable<unknown, unknown>, 'default' | 'description' | 'isSecret'>;

const optional = <Value>(schema: z.ZodType<Value, string>, options: Options): Variable<Value, undefined> => ({
  schema,
  fallback: undefined,
  ...options,
});

const defaulted = <Value extends string | number | boolean | readonly string[]>(
  schema: z.ZodType<Value, string>,
  fallback: NoInfer<Value>,
  options: Options,
): Variable<Value, Value> => ({ schema, fallback, default: `\`${String(fallback)}\``, ...options });

const integer = (minimum: number, maximum: number): z.ZodType<number, string> => {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, message);
};

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

const url = (protocol: RegExp, message: string): z.ZodString =>
  z.string().refine((value) => protocol.test(value) && URL.canParse(value), { message, abort: true });

const PROVIDER_PRESETS = ['okta', 'entra', 'google', 'ping', 'keycloak', 'custom'] as const;
const preset = z.enum(PROVIDER_PRESETS, { error: `must be one of ${PROVIDER_PRESETS.join(', ')}` });
const providerUrl = url(/^https?:\/\//, 'must be an absolute https URL');
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Everything around the certificates in PEM, such as comments of openssl, is left out. */
const certificates = z.string().transform((text, context): readonly string[] => {
  const found = text.match(CERTIFICATE);
  if (found) return found;
  context.addIssue('must hold a certificate in PEM');
  return z.NEVER;
});

const publicUrl = url(/^https?:\/\//, 'must be an absolute http or https URL')
  .transform((value) => new URL(value))
  .refine(isBareUrl, 'must not have a query, a fragment, a user name or a password')
  .transform(({ href }) => (href.endsWith('/') ? href.slice(0, -1) : href));

const trustProxy = z.string().transform((value, context): TrustProxy => {
  const parsed = parseTrustProxy(value);
  if (parsed.ok) return parsed.value;
  context.addIssue(parsed.error);
  return z.NEVER;
});

const secretText = z.string().min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`);
const passwordText = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`);

export const VARIABLES = {
  HOST: defaulted(z.string(), '127.0.0.1', {
    description: 'Address to listen on. `0.0.0.0` or `::` for every interface, as in a container.',
  }),
  PORT: defaulted(integer(0, 65_535), 3000, { description: 'Port to listen on; 0 takes a free one.' }),
  PUBLIC_URL: optional(publicUrl, {
    default: '`http://HOST:PORT`, with `localhost` for `0.0.0.0` and `::`',
    description:
      'Address under which clients reach this server. Every `meta.location` and link starts with it, whatever `Host` a request names.',
  }),
  TRUST_PROXY: defaulted(trustProxy, false, {
    description:
      'Which reverse proxies may name the client in `X-Forwarded-For`: `false`, the number of proxies in front, or a comma-separated list of addresses, CIDR ranges and the names `loopback`, `linklocal`, `uniquelocal`.',
  }),
  DATABASE_URL: optional(url(/^postgres(?:ql)?:\/\//, 'must be a URL that starts with postgres://'), {
    isSecret: true,
    description:
      'Postgres to use; any number of processes may share it. Without it an embedded Postgres runs in `DATA_DIR`, for trying out and small teams.',
  }),
  DATABASE_POOL_SIZE: defaulted(integer(1, 1_000), 10, {
    description: 'Connections that each process keeps to `DATABASE_URL`.',
  }),
  DATA_DIR: defaulted(z.string(), './data', {
    description:
      'Directory of the embedded database and of generated secrets. One process at a time may use it.',
  }),
  SECRET_KEY: optional(secretText, {
    isSecret: true,
    default: 'generated into `DATA_DIR/secret-key` with the embedded database',
    description:
      'Signs cursors and protects stored secrets: 32 characters or more. Required with `DATABASE_URL`, and the same for every process.',
  }),
  SCIM_RATE_LIMIT: defaulted(integer(0, 1_000_000), 200, {
    description:
      'SCIM requests a second for each Connection, with a burst of twice that; 0 switches the limit off. Each operation of a Bulk request counts as one; a Bulk larger than what is left is done whole, and the Connection then waits until it is paid.',
  }),
  SESSION_LENGTH: defaulted(integer(1, 8_760), 720, {
    description:
      'Hours after signing in at which a person has to sign in again, however often they come back meanwhile.',
  }),
  API_RATE_LIMIT: defaulted(integer(0, 1_000_000), 50, {
    description:
      'Requests a second to the admin REST API for each account, with a burst of twice that; 0 switches the limit off.',
  }),
  DISABLE_SSO_PROVISIONING: defaulted(flag, false, {
    description:
      'With `true` nobody gets an account by signing in at an identity provider, whatever an SSO connection says: people are invited or provisioned over SCIM first. With `false` each SSO connection decides.',
  }),
  ENABLE_SSO_GROUP_CLAIMS: defaulted(flag, false, {
    description:
      "With `true` the groups that an identity provider names at a sign-in are the full list of the person's teams, by name: missing memberships are added, and those that a sign-in had made before are removed when they are not named any more.",
  }),
  OIDC_ISSUER: optional(providerUrl, {
    description:
      'Issuer of an OpenID provider at which people of the default organization sign in, for example `https://example.okta.com`. Needs `OIDC_CLIENT_ID`. More SSO connections are made through the API.',
  }),
  OIDC_CLIENT_ID: optional(z.string(), {
    description: 'Client id that the OpenID provider gave. Needs `OIDC_ISSUER`.',
  }),
  OIDC_CLIENT_SECRET: optional(z.string(), {
    isSecret: true,
    description: 'Client secret that goes with it; a public client has none.',
  }),
  OIDC_PRESET: defaulted(preset, 'custom', {
    description: `Whose names of claims the OpenID provider uses: ${PROVIDER_PRESETS.join(', ')}.`,
  }),
  SAML_ISSUER: optional(z.string(), {
    description:
      'entityID of a SAML identity provider at which people of the default organization sign in. Needs `SAML_ENTRY_POINT`, and `SAML_CERTIFICATE` or `SAML_METADATA_URL`.',
  }),
  SAML_ENTRY_POINT: optional(providerUrl, {
    description: 'Its SingleSignOnService with the HTTP-Redirect binding.',
  }),
  SAML_CERTIFICATE: optional(certificates, {
    isSecret: true,
    description: 'Its signing certificate in PEM; several one after the other during a rollover.',
  }),
  SAML_METADATA_URL: optional(providerUrl, {
    description: 'Where its metadata is, from which new certificates are learned.',
  }),
  SAML_PRESET: defaulted(preset, 'custom', {
    description: `Whose names of attributes the SAML identity provider uses: ${PROVIDER_PRESETS.join(', ')}.`,
  }),
  ALLOW_PRIVATE_PROVIDERS: defaulted(flag, true, {
    description:
      'Whether identity providers may be at private addresses, such as 10.0.0.0/8, where a company keeps its own. `false` where admins of an organization must not reach the network of this server. Its loopback and metadata services of clouds are out of reach either way; a server whose own `PUBLIC_URL` is on loopback may reach that.',
  }),
  LOCAL_SIGN_IN: defaulted(flag, true, {
    description:
      'Whether people may sign in with a password kept here. `false` leaves single sign-on, and `LOCAL_RESTORE`.',
  }),
  LOCAL_RESTORE: defaulted(flag, false, {
    description:
      'For the day on which nobody can sign in: `true` prints, at each start, a one-time password of a restore admin, and switches single sign-on off until it is unset.',
  }),
  ALLOW_USER_TEAM_CREATION: defaulted(flag, false, {
    description: 'Whether members of the organization may create teams, and not only its admins.',
  }),
  DISABLE_ADMIN_TEAM_ACCESS: defaulted(flag, false, {
    description: 'Whether admins of the organization are kept from joining teams as they like.',
  }),
  PROVISIONING_LOG_DAYS: defaulted(integer(0, 3_650), 30, {
    description:
      'Days for which the SCIM requests of each Connection and their outcome are kept, without their bodies; 0 keeps none.',
  }),
  SEAT_LIMIT: optional(integer(0, 999_999_999), {
    default: 'no limit',
    description: 'Active users with a full seat that an organization may have.',
  }),
  VIEWER_SEAT_LIMIT: optional(integer(0, 999_999_999), {
    default: 'no limit',
    description: 'Active users with a viewer seat that an organization may have.',
  }),
  BOOTSTRAP_ADMIN_EMAIL: optional(z.email('must be an e-mail address'), {
    description:
      'Creates the default organization with this first admin, when it has none. Needs `BOOTSTRAP_ADMIN_PASSWORD`.',
  }),
  BOOTSTRAP_ADMIN_PASSWORD: optional(passwordText, {
    isSecret: true,
    description: `Password of that admin, ${MIN_PASSWORD_LENGTH} characters or more. A later change of it has no effect.`,
  }),
  BOOTSTRAP_SCIM_TOKEN: optional(
    secretText.regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces'),
    {
      isSecret: true,
      description: 'Creates a Connection with this bearer token, when there is none: 32 characters or more.',
    },
  ),
  SMTP_URL: optional(
    url(/^smtps?:\/\//, 'must be a URL that starts with smtp:// or smtps://').refine(
      isServerUrl,
      'must have a host, and neither a path nor a query',
    ),
    {
      isSecret: true,
      description:
        'Mail server for invitations, as `smtp://user:password@host:port`: STARTTLS is used where it is offered, and demanded when there is a password and the host is another machine. `smtps://` is TLS from the start. Without it, whoever invites is given the link to hand over.',
    },
  ),
  EMAIL_FROM: optional(
    z.string().transform((value, context): string => {
      const parsed = parseMailbox(value);
      if (!parsed.ok) context.addIssue(parsed.error);
      return value;
    }),
    {
      description: 'Sender of mails, such as `Rollcall <rollcall@example.com>`. Required with `SMTP_URL`.',
    },
  ),
  LOG_LEVEL: defaulted(z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }), 'info', {
    description: `Least severe messages to write: ${LOG_LEVELS.join(', ')}.`,
  }),
  METRICS_PORT: optional(integer(1, 65_535), {
    default: '`/metrics` is served on `PORT`',
    description: 'Port that serves `/metrics` alone, so that it can stay inside the network.',
  }),
} as const;

export type VariableName = keyof typeof VARIABLES;
export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly VariableName[];

/** What a variable is once parsed: its fallback when unset, or undefined when it has none. */
export type VariableValue<Name extends VariableName> =
  z.output<(typeof VARIABLES)[Name]['schema']> | (typeof VARIABLES)[Name]['fallback'];

function isServerUrl(text: string): boolean {
  const { hostname, pathname, search, hash, username, password } = new URL(text);
  const isDecodable = /^(?:[^%]|%[\da-f]{2})*$/i.test(username + password);
  return (
    hostname !== '' && (pathname === '' || pathname === '/') && search === '' && hash === '' && isDecodable
  );
}

function isBareUrl({ search, hash, username, password }: URL): boolean {
  return search === '' && hash === '' && username === '' && password === '';
}
