import type { SsoConnectionDraft } from '../../../src/directory/sign-on/sso-connection-service.js';

const claims = {
  userName: ['preferred_username'],
  email: ['email'],
  displayName: ['name'],
  givenName: ['given_name'],
  familyName: ['family_name'],
  groups: ['groups'],
};

/** An OpenID Connect connection with a client secret. */
export const oidcDraft = (name: string, clientSecret = 'a client secret'): SsoConnectionDraft => ({
  name,
  protocol: {
    kind: 'oidc',
    settings: {
      preset: 'custom',
      issuer: 'https://idp.example.com',
      clientId: 'rollcall',
      scopes: ['openid'],
      claims,
      requiredClaims: {},
      acceptsUnverifiedEmail: false,
    },
    secrets: { clientSecret },
  },
});

/** A SAML connection without keys of its own. */
export const samlDraft = (name: string): SsoConnectionDraft => ({
  name,
  protocol: {
    kind: 'saml',
    settings: {
      preset: 'custom',
      idpEntityId: 'https://idp.example.com/metadata',
      entryPoint: 'https://idp.example.com/sso',
      logoutUrl: undefined,
      certificates: [],
      metadataUrl: 'https://idp.example.com/metadata',
      requiredSignature: 'assertion',
      signsRequests: false,
      wantsEncryptedAssertions: false,
      allowsIdpInitiated: false,
      nameIdFormat: undefined,
      attributes: { ...claims, subject: 'nameId', userName: ['nameId'] },
    },
  },
});
