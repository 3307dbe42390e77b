/**
 * scimmy-routers renders `/Schemas` and `/ResourceTypes`, and is asked in-process, once, when the server is composed.
 * No request of a client reaches it, because it reads more of a request than discovery needs (measured with
 * scimmy-routers 1.3.2, scimmy 1.3.5, Express 5.3):
 *
 * - `meta.location` comes from a base path that is one per process and set on each request, and from the mount path:
 *   under the alias `/scim` it names addresses under `/scim`, and of two applications that answer in the same turn of
 *   the event loop one names the other's. So its base path is left empty, and ours is prefixed to the answer.
 * - ids are compared in exact case (`/ResourceTypes/user` is 404), yet `/Schemas/EnterpriseUser` is 200 by name.
 * - `attributes=` is 400, paging parameters on `/ServiceProviderConfig` are 403, an empty `filter` is 400 and not 403,
 *   writes are 404 and not 405.
 * - a malformed JSON body of a GET is 400, and each request renders its document again: 1.5 ms for the User schema.
 * - `/Bulk`, `/.search`, `/Me` and the resources of scimmy hang on the same router.
 * - every list says `itemsPerPage: 20`, whatever it holds.
 *
 * `ServiceProviderConfig` is not asked for: `pagination` (RFC 9865) is refused by scimmy's configuration and the
 * `primary` of an authentication scheme is dropped.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import express, { type Express } from 'express';
import SCIMMYRouters from 'scimmy-routers';
import { declareCatalogue } from './scimmy-definitions.js';

/** A Schema or ResourceType resource; its `location` starts at the SCIM base URL (`/Schemas/urn:…`). */
export interface DiscoveryResource {
  readonly id: string;
  readonly meta: { readonly resourceType: string; readonly location: string };
}

let scimmy: Express | undefined;

function composeScimmy(): Express {
  declareCatalogue();
  const app = express().disable('etag');
  app.use(new SCIMMYRouters({ type: 'bearer', handler: () => '', baseUri: () => '' }));
  return app;
}

/**
 * The resources in scimmy's answer to `GET endpoint`.
 * @throws (rejects) when scimmy answers anything but 200
 */
export function askScimmy(endpoint: '/Schemas' | '/ResourceTypes'): Promise<readonly DiscoveryResource[]> {
  const app = (scimmy ??= composeScimmy());
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: endpoint });
  return new Promise((resolve, reject) => {
    const response = new ServerResponse(request);
    response.end = (body?: unknown) => {
      const text = String(body);
      if (response.statusCode === 200)
        resolve((JSON.parse(text) as { readonly Resources: readonly DiscoveryResource[] }).Resources);
      else reject(new Error(`scimmy-routers answered ${response.statusCode} to ${endpoint}: ${text}`));
      return response;
    };
    app(request, response);
  });
}
