/** Where browsers find this server. */
export interface Site {
  /** PUBLIC_URL: absolute, without a slash at the end. */
  readonly publicUrl: string;
  /** Scheme, host and port of PUBLIC_URL. */
  readonly origin: string;
  /** Path of PUBLIC_URL without a slash at the end: where links begin. */
  readonly basePath: string;
  readonly isHttps: boolean;
}

/** Where a person goes on after sign-in: where they wanted to go, or to their account. */
export const landingOf = ({ basePath }: Site, returnTo: string | undefined): string =>
  returnTo ?? `${basePath}/account`;

export function siteOf(publicUrl: string): Site {
  const { origin, pathname, protocol } = new URL(publicUrl);
  return {
    publicUrl,
    origin,
    basePath: pathname === '/' ? '' : pathname,
    isHttps: protocol === 'https:',
  };
}
