import type { RefusalReason } from './sign-on-outcome.js';
import type { SignOnAccount, SignOnFacts } from './sign-on-facts.js';
import { namesOf, type AssertedName, type SignOnPerson } from './sign-on-person.js';

/** Why an account may be linked to a subject that is not known yet. */
export type LinkReason = 'verified_domain' | 'paired_connection';

export type SignOnDecision =
  | { readonly kind: 'sign_in'; readonly account: SignOnAccount }
  | { readonly kind: 'link'; readonly account: SignOnAccount; readonly because: LinkReason }
  | {
      readonly kind: 'restore';
      readonly account: SignOnAccount;
      /** Undefined when the subject is linked already. */
      readonly because: LinkReason | undefined;
    }
  | {
      readonly kind: 'create';
      readonly userName: string;
      readonly email: string | undefined;
      /** Whether the person was invited, and gets what was promised. */
      readonly isInvited: boolean;
    }
  | {
      readonly kind: 'refuse';
      readonly reason: RefusalReason;
      /** The account that it was about. */
      readonly account: SignOnAccount | undefined;
    };

const refuse = (reason: RefusalReason, account?: SignOnAccount): SignOnDecision => ({
  kind: 'refuse',
  reason,
  account,
});

/**
 * Decides what becomes of somebody whom an identity provider has recognised: sign in, link, restore, create, or refuse.
 * The subject comes first: only the identity provider can move it. Names are believed where this connection has shown
 * that they are its to give, and never to take an account over that another subject has.
 */
export function decideSignOn(facts: SignOnFacts): SignOnDecision {
  if (facts.linked) return decideLinked(facts, facts.linked);
  const candidate = findCandidate(facts);
  if (candidate) return decideCandidate(facts, candidate);
  if (facts.removed) return decideRemoved(facts, facts.removed);
  return decideStranger(facts);
}

const mayProvision = ({ connection, isProvisioningDisabled }: SignOnFacts): boolean =>
  connection.provisions && !isProvisioningDisabled;

function decideLinked(facts: SignOnFacts, account: SignOnAccount): SignOnDecision {
  if (account.accountType !== 'USER') return refuse('service_account', account);
  if (account.isRemoved)
    return mayProvision(facts)
      ? { kind: 'restore', account, because: undefined }
      : refuse('removed', account);
  return account.isActive ? { kind: 'sign_in', account } : refuse('deactivated', account);
}

interface Candidate {
  readonly account: SignOnAccount;
  /** By which the account was found. Empty when it is one of several. */
  readonly matches: readonly AssertedName[];
}

/** The account of the asserted userName, or the only one that any asserted name fits. */
function findCandidate({ person, candidates }: SignOnFacts): Candidate | undefined {
  const { userName, email } = namesOf(person);
  const asserted = [userName, email].filter((name) => name !== undefined);
  const found = candidates
    .map((account) => ({ account, matches: asserted.filter((name) => isNamed(account, name)) }))
    .filter(({ matches }) => matches.length > 0);
  const exact = found.find(({ account }) => account.userNameKey === userName?.key);
  if (exact) return exact;
  const [first, second] = found;
  return first && second ? { account: first.account, matches: [] } : first;
}

const isNamed = (account: SignOnAccount, { key }: AssertedName): boolean =>
  account.userNameKey === key || account.primaryEmailKey === key;

function decideCandidate(facts: SignOnFacts, { account, matches }: Candidate): SignOnDecision {
  if (account.accountType !== 'USER') return refuse('service_account', account);
  if (!account.isActive) return refuse('deactivated', account);
  const because = findLinkReason(facts, account, matches);
  if (account.isLinkedHere || account.isProtected || because === undefined)
    return refuse('link_refused', account);
  return { kind: 'link', account, because };
}

function decideRemoved(facts: SignOnFacts, account: SignOnAccount): SignOnDecision {
  if (account.accountType !== 'USER') return refuse('service_account', account);
  if (!mayProvision(facts)) return refuse('removed', account);
  const { userName, email } = namesOf(facts.person);
  const matches = [userName, email].filter((name) => name?.key === account.userNameKey) as AssertedName[];
  const because = findLinkReason(facts, account, matches);
  if (account.isLinkedHere || account.isProtected || because === undefined)
    return refuse('link_refused', account);
  return { kind: 'restore', account, because };
}

function findLinkReason(
  facts: SignOnFacts,
  account: SignOnAccount,
  matches: readonly AssertedName[],
): LinkReason | undefined {
  if (matches.length === 0) return undefined;
  if (matches.some(({ domain }) => domain !== undefined && facts.verifiedDomains.has(domain)))
    return 'verified_domain';
  const { pairedConnectionId } = facts.connection;
  const isPaired = pairedConnectionId !== undefined && account.provisionedBy === pairedConnectionId;
  return isPaired ? 'paired_connection' : undefined;
}

/** Nobody here has any of these names. Who was invited by name gets an account where others would not. */
function decideStranger(facts: SignOnFacts): SignOnDecision {
  const { userName, email } = namesOf(facts.person);
  const invited = [email, userName].find((name) => name !== undefined && isInvited(facts, name));
  if (invited) {
    const own = findNewName(facts, facts.person) ?? invited;
    const address = email && (email === invited || isOwnName(facts, email)) ? email : invited;
    return { kind: 'create', userName: own.value, email: address.value, isInvited: true };
  }
  if (!mayProvision(facts)) return refuse('provisioning_disabled');
  if (!userName && !email) return refuse('invalid_identity');
  const name = findNewName(facts, facts.person);
  if (!name || (email && !isOwnName(facts, email))) return refuse('domain_not_verified');
  return { kind: 'create', userName: name.value, email: email?.value, isInvited: false };
}

/** An invitation vouches for its address, unless that is of a domain for which only another connection speaks. */
const isInvited = ({ invitedKeys, foreignDomains }: SignOnFacts, { key, domain }: AssertedName): boolean =>
  invitedKeys.has(key) && domain !== undefined && !foreignDomains.has(domain);

type Domains = Pick<SignOnFacts, 'verifiedDomains' | 'foreignDomains'>;

/**
 * The userName that a new account would get. A name of somebody else's domain is passed over: an account under it could
 * be linked to its owner later.
 */
export function findNewName(domains: Domains, person: SignOnPerson): AssertedName | undefined {
  const { userName, email } = namesOf(person);
  return [userName, email].find((name) => name !== undefined && isOwnName(domains, name));
}

/**
 * Whether a connection may give a name to an account: not one of a domain that is another connection's, and where the
 * connection has verified domains, of those only. A name without a domain is nobody's.
 */
export function isOwnName({ verifiedDomains, foreignDomains }: Domains, { domain }: AssertedName): boolean {
  if (domain === undefined) return true;
  if (foreignDomains.has(domain)) return false;
  return verifiedDomains.size === 0 || verifiedDomains.has(domain);
}
