import type { Instant } from '../../kernel/clock.js';
import type { RequestContext } from '../request-context.js';

/** A subject of an SsoConnection and the account that it is. */
export interface Identity {
  readonly ssoConnectionId: string;
  readonly subject: string;
  readonly userId: string;
  readonly createdAt: Instant;
  readonly lastSignedInAt: Instant | undefined;
}

/** Reads and writes of identities. Linking and unlinking are audited; a sign-in is told by its session. */
export interface IdentityStore {
  /** The account of a subject. */
  findUserId(organizationId: string, ssoConnectionId: string, subject: string): Promise<string | undefined>;
  listOfUser(organizationId: string, userId: string): Promise<readonly Identity[]>;
  /** @throws DomainError identity.taken when the subject has an account, or the account another subject there */
  link(context: RequestContext, identity: Omit<Identity, 'createdAt' | 'lastSignedInAt'>): Promise<void>;
  /** @returns false when the account is not linked at that connection */
  unlink(context: RequestContext, ssoConnectionId: string, userId: string): Promise<boolean>;
  touch(organizationId: string, ssoConnectionId: string, subject: string): Promise<void>;
}
