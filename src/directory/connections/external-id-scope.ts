import type { ConnectionContext, RequestContext } from '../request-context.js';

/** The namespace of externalIds that a request writes in, and whether each must be unique there. */
export interface ExternalIdScope {
  readonly connectionId: string;
  readonly isUnique: boolean;
}

export const isConnectionContext = (context: RequestContext): context is ConnectionContext =>
  'connection' in context;

/** Where externalIds of this request belong; none for people and the command line. */
export function externalIdScope(context: RequestContext): ExternalIdScope | undefined {
  if (!isConnectionContext(context)) return undefined;
  return { connectionId: context.connection.id, isUnique: context.connection.settings.hasUniqueExternalIds };
}
