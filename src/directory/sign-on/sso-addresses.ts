import type { SsoConnection } from './sso-connection.js';

/** Our addresses for one connection, by what they are for; the identity provider and admins are given them. */
export type SsoAddresses =
  | {
      readonly kind: 'saml';
      /** Where people begin; and where an admin tries the connection. */
      readonly login: string;
      readonly test: string;
      /** Our entityID, and where our metadata is. */
      readonly metadata: string;
      /** Assertion consumer service. */
      readonly acs: string;
      /** Single logout service. */
      readonly logout: string;
    }
  | {
      readonly kind: 'oidc';
      readonly login: string;
      readonly test: string;
      readonly redirectUri: string;
      readonly backchannelLogout: string;
    };

/** @param publicUrl without a slash at the end */
export function ssoAddresses(
  publicUrl: string,
  { kind, id }: Pick<SsoConnection, 'kind' | 'id'>,
): SsoAddresses {
  const base = `${publicUrl}/sso/${kind}/${id}`;
  const begin = { login: `${base}/login`, test: `${base}/test` };
  return kind === 'saml'
    ? { kind, ...begin, metadata: `${base}/metadata`, acs: `${base}/acs`, logout: `${base}/logout` }
    : {
        kind,
        ...begin,
        redirectUri: `${base}/callback`,
        backchannelLogout: `${base}/backchannel-logout`,
      };
}
