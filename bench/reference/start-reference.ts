import { join } from 'node:path';
import { startServer, type Subject } from '../environment/child-server.ts';
import { findFreePort } from '../environment/free-port.ts';
import type { DocumentTemplate } from './document-template.ts';

export interface ReferenceSettings {
  readonly name: string;
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly template: DocumentTemplate;
}

/** Starts a reference server on a database that `loadReference` has prepared. */
export async function startReference(settings: ReferenceSettings): Promise<Subject> {
  const port = await findFreePort();
  return startServer({
    name: settings.name,
    args: [join(import.meta.dirname, 'server.ts')],
    port,
    // Nobody checks it; it only keeps the requests as long as those to the product.
    token: 'x'.repeat(43),
    databaseUrl: settings.databaseUrl,
    env: {
      PORT: String(port),
      DATABASE_POOL_SIZE: String(settings.poolSize),
      DOCUMENT_TEMPLATE: JSON.stringify(settings.template),
    },
  });
}
