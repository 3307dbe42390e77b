import { createHash } from 'node:crypto';
import type { SearchPage } from '../directory/access/access-search.js';
import type { AccessCaller } from '../directory/access/access-store.js';
import type { Clock } from '../kernel/clock.js';
import type { Sealer } from '../kernel/encryption.js';
import { isJsonObject, type JsonObject } from '../kernel/json.js';
import { LIMITS } from '../kernel/limits.js';
import { invalidRequest } from './access-error.js';

interface TokenContent {
  readonly issuedAt: number;
  readonly scope: string;
  readonly limit: number;
  readonly after: string;
}

/** A page that is asked for, and how to name the one after it. */
export interface RequestedPage extends SearchPage {
  /** The token of the page that starts after this position; empty on the last page. */
  nextToken(next: string | undefined): string;
}

/**
 * Pages of searches (Authorization API section 8.2). Tokens are opaque and sealed; any replica with the same SECRET_KEY
 * reads them. They are good for the same question of the same organization only.
 */
export class SearchPages {
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(sealer: Sealer, clock: Clock) {
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /** @throws AccessError 400 */
  read(operation: string, caller: AccessCaller, request: JsonObject): RequestedPage {
    const { page = {}, ...question } = request;
    if (!isJsonObject(page)) throw invalidRequest('page', 'page must be an object');
    const scope = createHash('sha256')
      .update(JSON.stringify([operation, caller.organizationId, question]))
      .digest('base64url');
    const limit = readLimit(page);
    const { token } = page;
    if (token === undefined || token === '')
      return this.#page(scope, limit ?? LIMITS.defaultPageSize, undefined);
    const content = typeof token === 'string' ? this.#open(token) : undefined;
    if (content?.scope !== scope)
      throw invalidRequest('page.token', 'page.token is not valid for this request.');
    if (this.#clock.now() - content.issuedAt > LIMITS.cursorSeconds * 1_000)
      throw invalidRequest('page.token', `page.token is older than ${LIMITS.cursorSeconds} seconds.`);
    if (limit !== undefined && limit !== content.limit)
      throw invalidRequest('page.limit', 'page.limit must be that of the first request.');
    return this.#page(scope, content.limit, content.after);
  }

  #page(scope: string, limit: number, after: string | undefined): RequestedPage {
    return {
      limit,
      after,
      nextToken: (next) => {
        if (next === undefined) return '';
        const content: TokenContent = { issuedAt: this.#clock.now(), scope, limit, after: next };
        return this.#sealer.seal(JSON.stringify(content));
      },
    };
  }

  #open(token: string): TokenContent | undefined {
    if (token.length > LIMITS.stringLength) return undefined;
    const text = this.#sealer.open(token);
    return text === undefined ? undefined : (JSON.parse(text) as TokenContent);
  }
}

/** A limit beyond the largest page is cut to it. */
function readLimit({ limit }: JsonObject): number | undefined {
  if (limit === undefined) return undefined;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0)
    throw invalidRequest('page.limit', 'page.limit must be a whole number, 0 or more.');
  return Math.min(limit, LIMITS.pageSize);
}
