import { DEFAULT_ORGANIZATION_NAME } from '../../directory/setup/setup-service.js';
import type { Actor, RequestContext } from '../../directory/request-context.js';
import { systemClock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Services } from '../../app.js';
import { CommandFailure } from '../failure.js';

const ACTOR: Actor = { kind: 'system', id: 'cli' };

/** The option of every command that works in one organization. */
export const organizationOption = {
  type: 'string',
  placeholder: 'NAME',
  help: `the organization; ${DEFAULT_ORGANIZATION_NAME} unless given`,
} as const;

/**
 * What the operator's calls to the services start with. The default organization is made when it is missing, so that
 * the command line works before the first start of the server.
 * @throws CommandFailure when another organization is named and missing
 */
export async function operateIn(services: Services, name: string | undefined): Promise<RequestContext> {
  const organization =
    name === undefined || name === DEFAULT_ORGANIZATION_NAME
      ? await services.setup.ensureOrganization(ACTOR)
      : await services.unitOfWork.stores.organizations.findByName(name);
  if (!organization) throw new CommandFailure(`There is no organization "${String(name)}".`);
  return {
    organizationId: organization.id,
    actor: ACTOR,
    requestId: newId(systemClock.now()),
    sourceAddress: undefined,
  };
}
