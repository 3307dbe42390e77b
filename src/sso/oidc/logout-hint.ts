/** What a kept ID token is bound to, so that it opens for the connection it came from and no other. */
export const logoutHintPlace = (ssoConnectionId: string): string => `oidc-logout-hint:${ssoConnectionId}`;
