/**
 * The path below the mount point and the query of a request URL. There is one normaliser, and it runs before
 * authentication and routing alike, so the two can never see different paths (Zitadel CVE-2026-32130). Double and
 * trailing slashes are tolerated; the version segment `/v2` is optional; nothing is decoded.
 */
export function normaliseUrl(url: string): { readonly path: string; readonly search: string } {
  const question = url.indexOf('?');
  const search = question === -1 ? '' : url.slice(question);
  let path = question === -1 ? url : url.slice(0, question);
  if (path.includes('//')) path = path.replaceAll(/\/+/g, '/');
  if (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  if (path === '/v2') path = '/';
  else if (path.startsWith('/v2/')) path = path.slice(3);
  return { path, search };
}
