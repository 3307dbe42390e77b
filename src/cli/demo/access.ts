import { isJsonObject } from '../../kernel/json.js';

/** What the clients of the demo need to know. */
export interface DemoAccess {
  readonly oktaToken: string;
  readonly entraToken: string;
  /** Where the server listens that made the tokens, when a running server did. */
  readonly serverUrl?: string;
}

/** @returns undefined for text that is not from `demo prepare` */
export function parseDemoAccess(text: string): DemoAccess | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { oktaToken, entraToken, serverUrl } = value;
  if (typeof oktaToken !== 'string' || typeof entraToken !== 'string') return undefined;
  return { oktaToken, entraToken, ...(typeof serverUrl === 'string' ? { serverUrl } : {}) };
}
