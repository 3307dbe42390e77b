import type { Instant } from '../../kernel/clock.js';
import type { IdWindow, Page } from '../query.js';
import type { RequestContext } from '../request-context.js';
import type { Connection } from './connection.js';

export type TokenKind = 'bearer' | 'client_secret' | 'access_token';

/** A credential of a connection, without its secret. */
export interface ConnectionToken {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: TokenKind;
  readonly name: string;
  /** First characters of the secret, to tell tokens apart. */
  readonly prefix: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | undefined;
  readonly revokedAt: Instant | undefined;
  readonly lastUsedAt: Instant | undefined;
}

export interface TokenDraft {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: TokenKind;
  readonly name: string;
  readonly hash: string;
  readonly prefix: string;
  readonly expiresAt: Instant | undefined;
  /** For an access token: the client secret it was issued for. It dies with it. */
  readonly issuedBy: string | undefined;
}

/** A credential that is live: not revoked, not expired, its connection enabled. */
export interface LiveToken {
  readonly token: Pick<ConnectionToken, 'id' | 'connectionId' | 'kind' | 'name'>;
  readonly hash: string;
  readonly connection: Connection;
}

/** Why a credential that was once handed out is refused. */
export type EndedReason = 'expired' | 'revoked' | 'disabled' | 'wrong_kind';

export interface EndedToken {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly name: string;
  readonly reason: EndedReason;
}

/** Reads and writes of connections and their credentials. */
export interface ConnectionStore {
  list(organizationId: string): Promise<readonly Connection[]>;
  page(organizationId: string, window: IdWindow): Promise<Page<Connection>>;
  /** Inside a transaction the connection is locked until its end. */
  find(organizationId: string, id: string): Promise<Connection | undefined>;
  findByName(organizationId: string, name: string): Promise<Connection | undefined>;
  /** @throws DomainError connection.name_taken */
  insert(context: RequestContext, connection: Connection): Promise<void>;
  /**
   * Writes name, settings and whether it is enabled; the caller has raised the version.
   * @throws DomainError connection.name_taken
   */
  update(context: RequestContext, before: Connection, after: Connection): Promise<void>;
  /** Without access tokens, which come and go by themselves. */
  pageTokens(organizationId: string, connectionId: string, window: IdWindow): Promise<Page<ConnectionToken>>;
  findToken(
    organizationId: string,
    connectionId: string,
    tokenId: string,
  ): Promise<ConnectionToken | undefined>;
  listTokens(organizationId: string, connectionId: string): Promise<readonly ConnectionToken[]>;
  insertToken(context: RequestContext, draft: TokenDraft): Promise<void>;
  /** @returns false when there is no such live token */
  revokeToken(context: RequestContext, tokenId: string): Promise<boolean>;
  /** The live credential with this hash. The only lookup that is not bound to an organization: the token names it. */
  findLiveToken(hash: string, now: Instant): Promise<LiveToken | undefined>;
  /** Whose a credential is that opens nothing any more, or nothing of this kind, and why. */
  findEndedToken(hash: string, now: Instant): Promise<EndedToken | undefined>;
  /** Whether any token, live or not, has this hash. */
  hasToken(hash: string): Promise<boolean>;
  touchToken(organizationId: string, tokenId: string, now: Instant): Promise<void>;
  /** Takes access tokens away that nobody can use any more. */
  deleteExpiredAccessTokens(organizationId: string, connectionId: string, before: Instant): Promise<void>;
}
