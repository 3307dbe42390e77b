import { ScimClient, type Reply, type RequestOptions } from './scim-client.js';

/** A black-box HTTP client for the admin REST API: JSON instead of SCIM's media type. */
export class ApiClient extends ScimClient {
  override request(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const type = options.json === undefined ? {} : { 'content-type': 'application/json' };
    return super.request(method, path, { ...options, headers: { ...type, ...options.headers } });
  }
}
