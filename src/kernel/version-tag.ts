/**
 * The opaque version of a resource: it names the resource as well, so that the version of one is of no use on another
 * (RFC 7644 section 3.14). `W/"…"` around it makes the ETag.
 */
export const versionTag = (id: string, version: number): string => `${version}-${id.slice(24)}`;

/** The version number in a tag of this resource, or undefined for a tag of anything else. */
export function parseVersionTag(id: string, tag: string): number | undefined {
  const [version, owner, ...rest] = tag.split('-');
  if (version === undefined || owner !== id.slice(24) || rest.length > 0 || !/^[1-9]\d{0,8}$/.test(version))
    return undefined;
  return Number(version);
}
