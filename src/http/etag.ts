import { parseVersionTag, versionTag } from '../kernel/version-tag.js';

/** A resource as far as its version goes. */
export interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** The weak ETag of a resource (RFC 9110 section 8.8.3); over SCIM it equals `meta.version` (RFC 7644 section 3.14). */
export const etagOf = ({ id, version }: Versioned): string => `W/"${versionTag(id, version)}"`;

/** The version numbers of this resource that an If-Match or If-None-Match header names; tags of others are dropped. */
export function readEtags(header: string, id: string): readonly number[] {
  return header.split(',').flatMap((part) => {
    const tag = part.trim().replace(/^W\//, '');
    if (tag.length < 2 || !tag.startsWith('"') || !tag.endsWith('"')) return [];
    const version = parseVersionTag(id, tag.slice(1, -1));
    return version === undefined ? [] : [version];
  });
}
