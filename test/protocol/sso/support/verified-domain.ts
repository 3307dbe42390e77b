import type { SsoConnection } from '../../../../src/directory/sign-on/sso-connection.js';
import { newId } from '../../../../src/kernel/ids.js';
import { oidcDraft, samlDraft } from '../../../persistence/support/sso-connections.js';
import type { TestOrganization, TestServer } from '../../../support/server.js';

const CREATED_AT = '2026-11-22T09:00:00.000Z';

/** An enabled SsoConnection of the organization, to which the people of a domain belong. */
export async function connectDomain(
  { services }: Pick<TestServer, 'services'>,
  { context, id: organizationId }: Pick<TestOrganization, 'context' | 'id'>,
  domain: string,
  options: {
    readonly kind?: 'saml' | 'oidc';
    readonly isVerified?: boolean;
    readonly isEnabled?: boolean;
  } = {},
): Promise<SsoConnection> {
  const draft = options.kind === 'saml' ? samlDraft(`idp of ${domain}`) : oidcDraft(`idp of ${domain}`);
  const connection = await services.ssoConnections.create(context, {
    ...draft,
    options: { isEnabled: options.isEnabled ?? true },
  });
  await services.unitOfWork.stores.ssoDomains.insert(context, {
    id: newId(Date.now()),
    organizationId,
    ssoConnectionId: connection.id,
    domain,
    challenge: 'x',
    createdAt: CREATED_AT,
    verifiedAt: options.isVerified === false ? undefined : CREATED_AT,
  });
  return connection;
}
