import { LIMITS } from '../../kernel/limits.js';
import type { RequestContext } from '../request-context.js';
import { within, type Stores, type UnitOfWork } from '../unit-of-work.js';
import type { SsoConnectionDraft, SsoConnectionService } from './sso-connection-service.js';
import type { ProtocolSettings, SsoConnection } from './sso-connection.js';

/**
 * Makes the connections of the environment what the variables say: those of the same identity provider are changed, new
 * ones made, and those that no variable speaks of any more disabled. Replicas that start together do it one after the
 * other. Options that the variables do not name stay as admins have set them.
 * @throws DomainError sso_connection.invalid
 */
export async function applyEnvironment(
  { unitOfWork, ssoConnections }: Parts,
  context: RequestContext,
  drafts: readonly SsoConnectionDraft[],
): Promise<void> {
  await unitOfWork.transaction(async (stores) => {
    await stores.organizations.lock(context.organizationId);
    const service = ssoConnections.on(within(stores));
    const all = await stores.ssoConnections.list(context.organizationId);
    const known = all.filter(({ origin }) => origin === 'environment');
    const kept = new Set<string>();
    for (const draft of drafts) {
      const found = known.find((connection) => isSameProvider(connection, draft.protocol));
      if (found) kept.add(found.id);
      if (found) await update(service, context, found, draft.protocol);
      else await create(service, stores, context, draft);
    }
    for (const { id, isEnabled } of known)
      if (!kept.has(id) && isEnabled)
        await service.update(context, id, { options: { isEnabled: false } }, { byEnvironment: true });
  });
}

interface Parts {
  readonly unitOfWork: UnitOfWork;
  readonly ssoConnections: SsoConnectionService;
}

const providerOf = (protocol: ProtocolSettings | SsoConnection): string =>
  protocol.kind === 'saml' ? protocol.settings.idpEntityId : protocol.settings.issuer;

const isSameProvider = (connection: SsoConnection, protocol: ProtocolSettings): boolean =>
  connection.kind === protocol.kind && providerOf(connection) === providerOf(protocol);

async function update(
  service: SsoConnectionService,
  context: RequestContext,
  connection: SsoConnection,
  { secrets, ...protocol }: ProtocolSettings,
): Promise<void> {
  // The same secret is never encrypted to the same text, so it is compared before.
  const isSameSecret =
    connection.kind !== 'oidc' ||
    JSON.stringify(await service.oidcSecrets(connection)) === JSON.stringify(secrets ?? {});
  const change = isSameSecret ? protocol : { ...protocol, secrets: secrets ?? {} };
  await service.update(
    context,
    connection.id,
    { protocol: change as ProtocolSettings, options: { isEnabled: true } },
    { byEnvironment: true },
  );
}

async function create(
  service: SsoConnectionService,
  stores: Stores,
  context: RequestContext,
  draft: SsoConnectionDraft,
): Promise<void> {
  const isTaken = await stores.ssoConnections.findByName(context.organizationId, draft.name);
  const name = isTaken ? `${draft.name} (${providerOf(draft.protocol)})` : draft.name;
  await service.create(
    context,
    { ...draft, name: name.slice(0, LIMITS.connectionNameLength), options: { isEnabled: true } },
    'environment',
  );
}
