import type { Stores } from '../unit-of-work.js';
import { findNewName } from './decide-sign-on.js';
import type { SignOnFacts } from './sign-on-facts.js';
import { namesOf, type AssertedName, type SignOnPerson } from './sign-on-person.js';

/** What the operator has switched for the whole installation. */
export interface SignOnSwitches {
  /** DISABLE_SSO_PROVISIONING: nobody gets an account by signing in, whatever a connection says. */
  readonly isProvisioningDisabled: boolean;
  /** ENABLE_SSO_GROUP_CLAIMS: asserted groups are the full list of the person's teams. */
  readonly takesGroupClaims: boolean;
}

/**
 * Reads what decides about a sign-in. Names are looked up only for a subject that has no account: whom the identity
 * provider has identified before is not looked for by name.
 * @returns undefined when the connection is gone
 */
export async function gatherFacts(
  stores: Stores,
  organizationId: string,
  ssoConnectionId: string,
  person: SignOnPerson,
  { isProvisioningDisabled }: SignOnSwitches,
): Promise<SignOnFacts | undefined> {
  const { signOn } = stores;
  const held = await signOn.holdConnection(organizationId, ssoConnectionId);
  if (!held) return undefined;
  const { userName, email } = namesOf(person);
  const domains = [userName?.domain, email?.domain].filter((domain) => domain !== undefined);
  const foreignDomains = await signOn.foreignDomains(ssoConnectionId, domains);
  const nobody = { invitedKeys: new Set<string>(), candidates: [], removed: undefined };
  const known = { ...held, foreignDomains, person, isProvisioningDisabled };
  const linked = await signOn.findLinked(organizationId, ssoConnectionId, person.subject);
  if (linked) return { ...known, ...nobody, linked };
  const keys = [userName?.key, email?.key].filter((key) => key !== undefined);
  const candidates =
    keys.length === 0 ? [] : await signOn.findCandidates(organizationId, ssoConnectionId, keys);
  const removedKeys = [userName?.key, findNewName(known, person)?.key].filter((key) => key !== undefined);
  const removed =
    removedKeys.length === 0
      ? undefined
      : await signOn.findRemoved(organizationId, ssoConnectionId, removedKeys);
  const invitedKeys = await findInvited(stores, organizationId, [userName, email]);
  return { ...known, linked, invitedKeys, candidates, removed };
}

async function findInvited(
  { invitations }: Stores,
  organizationId: string,
  names: readonly (AssertedName | undefined)[],
): Promise<ReadonlySet<string>> {
  const invited = new Set<string>();
  for (const name of names)
    if (name?.domain !== undefined && (await invitations.hasOpen(organizationId, [name.value])))
      invited.add(name.key);
  return invited;
}
