import { Router, type RequestHandler, type Response } from 'express';
import { ScimError } from '../errors.js';
import { readQuery } from '../steps/read-query.js';
import { documentKey, renderDiscoveryDocuments } from './discovery-documents.js';

const PATHS = ['/ServiceProviderConfig', '/Schemas', '/Schemas/:id', '/ResourceTypes', '/ResourceTypes/:id'];

/**
 * Serves the discovery endpoints (RFC 7644 section 4) from documents rendered once, here. To be mounted at the SCIM
 * base URL, behind authentication and in front of an error handler that renders ScimError: 404 for an unknown id,
 * 403 for a filter, 405 for a write. Every other path is passed on.
 * @param baseUrl - `PUBLIC_URL/scim/v2`
 * @param note - sees each request that is answered here, before it is
 */
export function createDiscoveryRouter(baseUrl: string, note?: RequestHandler): Router {
  // Not awaited before the first request: a catalogue that cannot be rendered is a bug, and ends the process at start.
  const documents = renderDiscoveryDocuments(baseUrl);
  const send = async (response: Response, endpoint: string, id?: string): Promise<void> => {
    const text = (await documents).get(documentKey(endpoint, id));
    if (text === undefined) throw new ScimError({ status: 404, detail: `No such resource in ${endpoint}.` });
    response.set('Content-Type', 'application/scim+json; charset=utf-8').send(text);
  };

  const router = Router();
  if (note) router.all(PATHS, note);
  router.all(PATHS, refuseWrites, refuseFilter);
  for (const endpoint of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes'])
    router.get(endpoint, (_, response) => send(response, endpoint));
  for (const endpoint of ['/Schemas', '/ResourceTypes'])
    router.get(`${endpoint}/:id`, (request, response) => send(response, endpoint, request.params.id));
  return router;
}

const refuseWrites: RequestHandler = ({ method }, _, next) => {
  if (method === 'GET' || method === 'HEAD') next();
  else next(new ScimError({ status: 405, detail: 'Discovery is read only.' }, { Allow: 'GET, HEAD' }));
};

/** RFC 7644 section 4 asks for 403, so that no client takes the whole list for the answer to its filter. */
const refuseFilter: RequestHandler = ({ url }, _, next) => {
  const start = url.indexOf('?');
  if (start < 0 || !readQuery(url.slice(start)).has('filter')) next();
  else next(new ScimError({ status: 403, detail: 'filter cannot be used on discovery endpoints.' }));
};
