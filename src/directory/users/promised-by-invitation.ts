import { findAdoption, type Adoption } from '../invitations/adopt-invitations.js';
import type { RequestContext } from '../request-context.js';
import type { Stores } from '../unit-of-work.js';
import type { CreateUserInput } from './user.js';
import { addressesOf } from './user-index.js';
import { mayGrantAdmin } from './user-rules.js';

/** What open invitations promise to the person that is about to be created; the organization is locked when there are any. */
export async function findOpenAdoption(
  stores: Stores,
  organizationId: string,
  { profile }: CreateUserInput,
): Promise<Adoption | undefined> {
  const addresses = addressesOf(profile);
  if (!(await stores.invitations.hasOpen(organizationId, addresses))) return undefined;
  await stores.organizations.lock(organizationId);
  return findAdoption(stores, organizationId, addresses);
}

/** What was asked for, and what an invitation promises besides; a connection that may not make admins does not here either. */
export function promised(
  context: RequestContext,
  input: CreateUserInput,
  adoption: Adoption | undefined,
): CreateUserInput {
  if (!adoption) return input;
  const isGiven = adoption.organizationRole !== 'admin' || mayGrantAdmin(context);
  const role = isGiven ? adoption.organizationRole : undefined;
  return {
    ...input,
    organizationRole: input.organizationRole ?? role,
    seat: input.seat ?? adoption.seat,
  };
}
