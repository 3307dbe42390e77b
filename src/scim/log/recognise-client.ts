import type { IdpClient } from '../../directory/provisioning-log/log-entry.js';
import { isJsonObject, type JsonObject } from '../../kernel/json.js';

/** What a request shows of who sends it. */
export interface ClientSigns {
  readonly connectionId: string;
  readonly userAgent: string | undefined;
  /** The query as it came. */
  readonly search: string;
  readonly body: JsonObject | undefined;
}

/** User agents of test/conformance/idp/client-headers.ts, and of what people try a server out with. */
const USER_AGENTS: readonly (readonly [RegExp, IdpClient])[] = [
  [/^Okta SCIM Client\b/, 'okta'],
  [/^Google-Auto-Provisioning\b/, 'google'],
  [/^PingFederate\b/, 'ping'],
  [/^(?:curl|HTTPie|PostmanRuntime|insomnia|python-requests|python-httpx)\b/i, 'script'],
];
/** goauthentik/authentik#11249: the header is there, and empty. */
const ONELOGIN_USER_AGENT = '';
/** Microsoft Learn, "Known issues for provisioning". */
const ENTRA_FLAG = /[?&]aadoptscim062020/i;
const MICROSOFT_SCHEMA = 'http://schemas.microsoft.com/';
/** Entra alone begins the names of PATCH operations with a capital. */
const ENTRA_OPERATIONS: ReadonlySet<unknown> = new Set(['Add', 'Replace', 'Remove']);
/** Connections remembered at most; beyond that all are forgotten and recognised again. */
const REMEMBERED = 10_000;

/** Tells which client sends a request. Entra shows itself in writes only, and is remembered for its reads. */
export class ClientRecogniser {
  readonly #entraConnections = new Set<string>();

  recognise(signs: ClientSigns): IdpClient {
    const { userAgent, connectionId } = signs;
    if (userAgent === ONELOGIN_USER_AGENT) return 'onelogin';
    const known = USER_AGENTS.find(([pattern]) => pattern.test(userAgent ?? ''));
    if (known) return known[1];
    if (this.#entraConnections.has(connectionId)) return 'entra';
    if (!isFromEntra(signs)) return 'unknown';
    if (this.#entraConnections.size >= REMEMBERED) this.#entraConnections.clear();
    this.#entraConnections.add(connectionId);
    return 'entra';
  }
}

function isFromEntra({ search, body }: ClientSigns): boolean {
  if (ENTRA_FLAG.test(search)) return true;
  const schemas = body?.['schemas'];
  if (Array.isArray(schemas) && schemas.some(isMicrosoftSchema)) return true;
  const operations = body?.['Operations'];
  const first: unknown = Array.isArray(operations) ? operations[0] : undefined;
  return isJsonObject(first) && ENTRA_OPERATIONS.has(first['op']);
}

const isMicrosoftSchema = (schema: unknown): boolean =>
  typeof schema === 'string' && schema.startsWith(MICROSOFT_SCHEMA);
