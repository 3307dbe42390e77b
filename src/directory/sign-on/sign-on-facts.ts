import type { AccountType, OrganizationRole } from '../users/user.js';
import type { SignOnPerson } from './sign-on-person.js';
import type { SsoConnection } from './sso-connection.js';

/** What deciding about a sign-in needs to know of an account. */
export interface SignOnAccount {
  readonly id: string;
  readonly userNameKey: string;
  /** Folded. The primary address, or the first when none is marked. */
  readonly primaryEmailKey: string | undefined;
  readonly isActive: boolean;
  /** Removed by the IdP, and kept for a restore. */
  readonly isRemoved: boolean;
  readonly accountType: AccountType;
  readonly isProtected: boolean;
  readonly organizationRole: OrganizationRole;
  /** The SCIM Connection that made the account. */
  readonly provisionedBy: string | undefined;
  /** Whether a SCIM Connection made the account or knows it by an externalId: it is the source of its attributes. */
  readonly isManagedByScim: boolean;
  /** Whether the account is linked to a subject of this SsoConnection. */
  readonly isLinkedHere: boolean;
}

/** Everything that decides about a sign-in, gathered before. */
export interface SignOnFacts {
  readonly connection: SsoConnection;
  /** True under DISABLE_SSO_PROVISIONING. */
  readonly isProvisioningDisabled: boolean;
  readonly person: SignOnPerson;
  /** Domains that are verified for this connection. */
  readonly verifiedDomains: ReadonlySet<string>;
  /** Of the asserted domains, those that are verified for another connection, of any organization. */
  readonly foreignDomains: ReadonlySet<string>;
  /** Keys of the asserted addresses for which an invitation is open. */
  readonly invitedKeys: ReadonlySet<string>;
  /** The account of this subject of this connection. */
  readonly linked: SignOnAccount | undefined;
  /** Live accounts whose userName or primary e-mail is one of the asserted names. */
  readonly candidates: readonly SignOnAccount[];
  /** The account that was removed with the asserted userName. */
  readonly removed: SignOnAccount | undefined;
}
