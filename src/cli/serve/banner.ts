import type { RestoreAccess } from '../../directory/local-sign-in/restore-admin-service.js';
import type { Config } from '../../config/index.js';
import { formatFacts } from '../format-table.js';

export interface BannerFacts {
  readonly config: Config;
  readonly version: string;
  /** Secret of the one-time link; undefined when somebody administers the instance. */
  readonly setupLink: string | undefined;
  /** Undefined without LOCAL_RESTORE. */
  readonly restore: RestoreAccess | undefined;
}

/** What a server says once it listens: where it is, what it stores in, and how to begin. */
export function renderBanner({ config, version, setupLink, restore }: BannerFacts): string {
  const { publicUrl } = config.http;
  const facts = formatFacts([
    ['Start page', publicUrl],
    ['SCIM base URL', `${publicUrl}/scim/v2`],
    ['Database', config.database.kind === 'embedded' ? `embedded, in ${config.dataDir}` : 'Postgres'],
  ]);
  return `\nRollcall ${version} is running.\n\n${facts}${renderNotice(config)}${renderSetup(publicUrl, setupLink)}${renderRestore(publicUrl, restore)}\n`;
}

const renderNotice = ({ database }: Config): string =>
  database.kind === 'embedded'
    ? '\n  The embedded database is for trying out and small teams. For anything else set DATABASE_URL.\n'
    : '';

const renderSetup = (publicUrl: string, link: string | undefined): string =>
  link === undefined
    ? ''
    : `\n  Begin here. The link works once, and makes the first admin and the first connection:\n\n  ${publicUrl}/setup?token=${link}\n`;

const renderRestore = (publicUrl: string, access: RestoreAccess | undefined): string =>
  access === undefined
    ? ''
    : `
  LOCAL_RESTORE is set: single sign-on is off. Sign in once at ${publicUrl}/login/password
  as ${access.userName} with the password
  ${access.password}
  Start without LOCAL_RESTORE when you are done: it takes the account's access away again.
`;
