import { resolve } from 'node:path';
import { parseMailbox, type Mailbox } from '../kernel/email-address.js';
import { err, ok, type Result } from '../kernel/result.js';
import {
  readVariables,
  type ConfigProblem,
  type Environment,
  type VariableValues,
} from './read-variables.js';
import type { LogLevel, VariableName } from './schema.js';
import type { TrustProxy } from './trust-proxy.js';

export type { ConfigProblem, Environment } from './read-variables.js';

/** Everything an operator decides, parsed and frozen. Each part of the server is handed its own section. */
export interface Config {
  readonly http: {
    readonly host: string;
    /** 0 for a free port. */
    readonly port: number;
    /** Absolute, without a slash at the end. */
    readonly publicUrl: string;
    readonly trustProxy: TrustProxy;
  };
  readonly database: PostgresConfig | EmbeddedDatabaseConfig;
  /** Absolute path. */
  readonly dataDir: string;
  /** Absent in embedded mode unless given: `readOrCreateSecretKey` finds it once DATA_DIR is held. */
  readonly secretKey: string | undefined;
  readonly scim: {
    /** Requests per second and Connection; 0 is no limit. */
    readonly rateLimit: number;
    /** Days that the provisioning log is kept; 0: there is none. */
    readonly logDays: number;
  };
  readonly signIn: {
    /** Hours from sign-in to the end of a session. */
    readonly sessionLength: number;
    /** Whether passwords kept here are taken. */
    readonly isLocalAllowed: boolean;
    /** Break-glass: a restore admin gets a one-time password, and single sign-on is off. */
    readonly isRestoring: boolean;
  };
  readonly api: {
    /** Requests per second and account; 0 is no limit. */
    readonly rateLimit: number;
  };
  readonly teams: {
    /** Members of the organization may create teams. */
    readonly mayMembersCreate: boolean;
    /** Admins of the organization may join teams as they like. */
    readonly mayAdminsJoin: boolean;
  };
  readonly sso: {
    /** Nobody gets an account by signing in. */
    readonly isProvisioningDisabled: boolean;
    /** Asserted groups are the full list of a person's teams. */
    readonly takesGroupClaims: boolean;
    /** Identity providers may be at private addresses. */
    readonly allowsPrivateProviders: boolean;
    /** The identity providers of the default organization that variables configure. */
    readonly oidc: EnvironmentOidc | undefined;
    readonly saml: EnvironmentSaml | undefined;
  };
  /** Per organization; absent is no limit. */
  readonly seatLimits: { readonly full: number | undefined; readonly viewer: number | undefined };
  readonly bootstrap: {
    readonly admin: { readonly email: string; readonly password: string } | undefined;
    readonly scimToken: string | undefined;
  };
  /** Absent: there is no mail server, and links are handed over by people. */
  readonly mail: { readonly smtpUrl: string; readonly from: Mailbox } | undefined;
  readonly logLevel: LogLevel;
  /** Absent: metrics are served beside everything else. */
  readonly metricsPort: number | undefined;
}

type ProviderPreset = 'okta' | 'entra' | 'google' | 'ping' | 'keycloak' | 'custom';

export interface EnvironmentOidc {
  readonly preset: ProviderPreset;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
}

export interface EnvironmentSaml {
  readonly preset: ProviderPreset;
  /** entityID. */
  readonly issuer: string;
  readonly entryPoint: string;
  /** In PEM. */
  readonly certificates: readonly string[];
  readonly metadataUrl: string | undefined;
}

export interface PostgresConfig {
  readonly kind: 'postgres';
  readonly url: string;
  readonly poolSize: number;
}

export interface EmbeddedDatabaseConfig {
  readonly kind: 'embedded';
}

/**
 * Reads the configuration from the environment, and secrets also from the files that `NAME_FILE` names. Writes
 * nothing.
 * @returns the frozen configuration, or every problem there is, none of which holds a secret
 */
export function loadConfig(env: Environment): Result<Config, readonly ConfigProblem[]> {
  const { values, problems } = readVariables(env);
  const all = [...problems, ...findContradictions(values, new Set(problems.map(({ variable }) => variable)))];
  return all.length > 0 ? err(all) : ok(freezeDeep(toConfig(values)));
}

/** Where the first is set, so must be the second. */
const TOGETHER: readonly (readonly [VariableName, VariableName])[] = [
  ['DATABASE_URL', 'SECRET_KEY'],
  ['BOOTSTRAP_ADMIN_EMAIL', 'BOOTSTRAP_ADMIN_PASSWORD'],
  ['BOOTSTRAP_ADMIN_PASSWORD', 'BOOTSTRAP_ADMIN_EMAIL'],
  ['SMTP_URL', 'EMAIL_FROM'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
  ['OIDC_CLIENT_ID', 'OIDC_ISSUER'],
  ['OIDC_CLIENT_SECRET', 'OIDC_ISSUER'],
  ['SAML_ISSUER', 'SAML_ENTRY_POINT'],
  ['SAML_ENTRY_POINT', 'SAML_ISSUER'],
  ['SAML_CERTIFICATE', 'SAML_ISSUER'],
  ['SAML_METADATA_URL', 'SAML_ISSUER'],
];

/** A variable that has a problem of its own is not reported again as missing. */
function findContradictions(values: VariableValues, known: ReadonlySet<string>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const need = (variable: VariableName, by: VariableName) => {
    if (values[variable] !== undefined || known.has(variable) || known.has(`${variable}_FILE`)) return;
    problems.push({ variable, message: `is required with ${by}` });
  };
  for (const [one, other] of TOGETHER) if (values[one] !== undefined) need(other, one);
  if (values.SAML_ISSUER !== undefined && values.SAML_METADATA_URL === undefined)
    need('SAML_CERTIFICATE', 'SAML_ISSUER');
  if (values.METRICS_PORT !== undefined && values.METRICS_PORT === values.PORT) {
    problems.push({ variable: 'METRICS_PORT', message: 'must differ from PORT' });
  }
  return problems;
}

function toConfig(values: VariableValues): Config {
  const { BOOTSTRAP_ADMIN_EMAIL: email, BOOTSTRAP_ADMIN_PASSWORD: password } = values;
  return {
    http: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.PUBLIC_URL ?? `http://${toUrlHost(values.HOST)}:${values.PORT}`,
      trustProxy: values.TRUST_PROXY,
    },
    database:
      values.DATABASE_URL === undefined
        ? { kind: 'embedded' }
        : { kind: 'postgres', url: values.DATABASE_URL, poolSize: values.DATABASE_POOL_SIZE },
    dataDir: resolve(values.DATA_DIR),
    secretKey: values.SECRET_KEY,
    scim: { rateLimit: values.SCIM_RATE_LIMIT, logDays: values.PROVISIONING_LOG_DAYS },
    api: { rateLimit: values.API_RATE_LIMIT },
    signIn: {
      sessionLength: values.SESSION_LENGTH,
      isLocalAllowed: values.LOCAL_SIGN_IN || values.LOCAL_RESTORE,
      isRestoring: values.LOCAL_RESTORE,
    },
    teams: {
      mayMembersCreate: values.ALLOW_USER_TEAM_CREATION,
      mayAdminsJoin: !values.DISABLE_ADMIN_TEAM_ACCESS,
    },
    sso: {
      isProvisioningDisabled: values.DISABLE_SSO_PROVISIONING,
      takesGroupClaims: values.ENABLE_SSO_GROUP_CLAIMS,
      allowsPrivateProviders: values.ALLOW_PRIVATE_PROVIDERS,
      oidc: toOidc(values),
      saml: toSaml(values),
    },
    seatLimits: { full: values.SEAT_LIMIT, viewer: values.VIEWER_SEAT_LIMIT },
    bootstrap: {
      admin: email === undefined || password === undefined ? undefined : { email, password },
      scimToken: values.BOOTSTRAP_SCIM_TOKEN,
    },
    mail: toMailConfig(values),
    logLevel: values.LOG_LEVEL,
    metricsPort: values.METRICS_PORT,
  };
}

function toMailConfig({ SMTP_URL: smtpUrl, EMAIL_FROM: from }: VariableValues): Config['mail'] {
  if (smtpUrl === undefined || from === undefined) return undefined;
  const mailbox = parseMailbox(from);
  return mailbox.ok ? { smtpUrl, from: mailbox.value } : undefined;
}

function toOidc(values: VariableValues): EnvironmentOidc | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = values;
  if (issuer === undefined || clientId === undefined) return undefined;
  return { preset: values.OIDC_PRESET, issuer, clientId, clientSecret: values.OIDC_CLIENT_SECRET };
}

function toSaml(values: VariableValues): EnvironmentSaml | undefined {
  const { SAML_ISSUER: issuer, SAML_ENTRY_POINT: entryPoint } = values;
  if (issuer === undefined || entryPoint === undefined) return undefined;
  const { SAML_PRESET: preset, SAML_CERTIFICATE: certificates = [], SAML_METADATA_URL: metadataUrl } = values;
  return { preset, issuer, entryPoint, certificates, metadataUrl };
}

/** A wildcard address is nowhere a client could connect to. */
function toUrlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freezeDeep);
  return Object.freeze(value);
}
