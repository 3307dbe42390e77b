/** Our addresses for one connection: each connection is a service provider of its own, so no answer fits two. */
export interface ServiceProvider {
  /** Also where our metadata is. */
  readonly entityId: string;
  /** Assertion consumer service, HTTP-POST binding. */
  readonly acsUrl: string;
  /** Single logout service, HTTP-Redirect and HTTP-POST bindings. */
  readonly logoutUrl: string;
}

/** @param publicUrl without a slash at the end */
export function serviceProviderOf(publicUrl: string, connectionId: string): ServiceProvider {
  const base = `${publicUrl}/sso/saml/${connectionId}`;
  return { entityId: `${base}/metadata`, acsUrl: `${base}/acs`, logoutUrl: `${base}/logout` };
}
