import { isJsonObject } from '../../../kernel/json.js';

/** What the demo's identity provider has to know of the server. */
export interface SignOnAccess {
  readonly ssoConnectionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PUBLIC_URL of the server, or of this process where no server runs. */
  readonly publicUrl: string;
}

/** @returns undefined for text that is not from `demo sign-on begin` */
export function parseSignOnAccess(text: string): SignOnAccess | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { ssoConnectionId, clientId, clientSecret, publicUrl } = value;
  if (typeof ssoConnectionId !== 'string' || typeof clientId !== 'string') return undefined;
  if (typeof clientSecret !== 'string' || typeof publicUrl !== 'string') return undefined;
  return { ssoConnectionId, clientId, clientSecret, publicUrl };
}
