import type { Config } from '../../config/index.js';
import { applyEnvironment } from '../../directory/sign-on/environment-connections.js';
import { oidcSettings } from '../../directory/sign-on/oidc-presets.js';
import { samlSettings } from '../../directory/sign-on/saml-presets.js';
import type { SsoConnectionDraft } from '../../directory/sign-on/sso-connection-service.js';
import { isDomainError } from '../../kernel/errors.js';
import type { Services } from '../../app.js';
import { CommandFailure } from '../failure.js';

/** The SSO connections that variables configure. */
export function environmentDrafts({ oidc, saml }: Config['sso']): readonly SsoConnectionDraft[] {
  const drafts: SsoConnectionDraft[] = [];
  if (oidc) {
    const { preset, issuer, clientId, clientSecret } = oidc;
    drafts.push({
      name: 'OpenID Connect',
      protocol: {
        kind: 'oidc',
        settings: oidcSettings(preset, { issuer, clientId }),
        ...(clientSecret === undefined ? {} : { secrets: { clientSecret } }),
      },
    });
  }
  if (saml) {
    const { preset, issuer, entryPoint, certificates, metadataUrl } = saml;
    const settings = { idpEntityId: issuer, entryPoint, certificates, metadataUrl };
    drafts.push({ name: 'SAML', protocol: { kind: 'saml', settings: samlSettings(preset, settings) } });
  }
  return drafts;
}

/** @throws CommandFailure for what a connection may not have */
export async function applyEnvironmentSso(
  services: Services,
  sso: Config['sso'],
  organizationId: string,
): Promise<void> {
  const actor = { kind: 'system', id: 'bootstrap' } as const;
  const context = { organizationId, actor, requestId: actor.id, sourceAddress: undefined };
  try {
    await applyEnvironment(services, context, environmentDrafts(sso));
  } catch (error) {
    if (!isDomainError(error, 'sso_connection.invalid')) throw error;
    throw new CommandFailure(`The SSO connection of the environment cannot be used: ${error.detail}`);
  }
}
