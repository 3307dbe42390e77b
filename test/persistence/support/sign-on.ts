import { randomUUID } from 'node:crypto';
import type { AssertedIdentity } from '../../../src/directory/sign-on/asserted-identity.js';
import type { SignOnOutcome } from '../../../src/directory/sign-on/sign-on-outcome.js';
import type { SsoConnection, SsoConnectionOptions } from '../../../src/directory/sign-on/sso-connection.js';
import type { RequestContext } from '../../../src/directory/request-context.js';
import { newId } from '../../../src/kernel/ids.js';
import type { TestOrganization, TestServer } from '../../support/server.js';
import { oidcDraft } from './sso-connections.js';

/** An identity provider of one organization, at which people sign in. */
export class IdentityProvider {
  readonly connection: SsoConnection;
  readonly #server: TestServer;
  readonly #organization: TestOrganization;

  private constructor(server: TestServer, organization: TestOrganization, connection: SsoConnection) {
    this.#server = server;
    this.#organization = organization;
    this.connection = connection;
  }

  static async create(
    server: TestServer,
    organization: TestOrganization,
    options: Partial<SsoConnectionOptions> & { readonly domains?: readonly string[] } = {},
  ): Promise<IdentityProvider> {
    const { domains = [], ...rest } = options;
    const connection = await server.services.ssoConnections.create(organization.context, {
      ...oidcDraft(`idp-${randomUUID()}`),
      options: { isEnabled: true, ...rest },
    });
    const { ssoDomains } = server.services.unitOfWork.stores;
    for (const domain of domains) {
      const row = { id: newId(Date.now()), organizationId: organization.id, domain, challenge: 'x' };
      const createdAt = '2026-01-15T09:00:00.000Z';
      await ssoDomains.insert(organization.context, {
        ...row,
        ssoConnectionId: connection.id,
        createdAt,
        verifiedAt: createdAt,
      });
    }
    return new IdentityProvider(server, organization, connection);
  }

  /** The same identity provider, answered by another server of the same database. */
  static of(server: TestServer, organization: TestOrganization, connection: SsoConnection): IdentityProvider {
    return new IdentityProvider(server, organization, connection);
  }

  get context(): RequestContext {
    return {
      organizationId: this.#organization.id,
      actor: { kind: 'sso_connection', id: this.connection.id },
      requestId: 'test',
      sourceAddress: undefined,
    };
  }

  assert(claims: Partial<AssertedIdentity>): AssertedIdentity {
    return {
      ssoConnection: this.connection,
      subject: `subject-${randomUUID()}`,
      userName: undefined,
      email: undefined,
      displayName: undefined,
      givenName: undefined,
      familyName: undefined,
      groups: undefined,
      attributes: {},
      sessionIndex: undefined,
      ...claims,
    };
  }

  /** Signs in and opens a real session. */
  signIn(claims: Partial<AssertedIdentity>): Promise<SignOnOutcome<{ readonly secret: string }>> {
    const { signOn, sessions } = this.#server.services;
    const { context, connection } = this;
    const asserted = this.assert(claims);
    return signOn.signIn(context, asserted, (stores, userId) =>
      sessions.open(
        context,
        userId,
        {
          origin: {
            method: 'oidc',
            ssoConnectionId: connection.id,
            subject: asserted.subject,
            sessionIndex: undefined,
            logoutHint: undefined,
          },
          userAgent: undefined,
          replaces: undefined,
        },
        stores,
      ),
    );
  }
}
