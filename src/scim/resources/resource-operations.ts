import type { ScimReply, ScimRequest, ScimWriteRequest } from '../exchange.js';
import type { ListParameters } from '../list/list-request.js';

/** What every resource type answers (RFC 7644 section 3.2), whether asked by HTTP, by `/.search` or inside a Bulk request. */
export interface ResourceOperations {
  create(request: ScimWriteRequest): Promise<ScimReply>;
  read(request: ScimRequest, id: string): Promise<ScimReply>;
  list(request: ScimRequest, parameters: ListParameters): Promise<ScimReply>;
  replace(request: ScimWriteRequest, id: string): Promise<ScimReply>;
  patch(request: ScimWriteRequest, id: string): Promise<ScimReply>;
  remove(request: ScimRequest, id: string): Promise<ScimReply>;
}
