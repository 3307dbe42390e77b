import type { DatabaseCommand } from '../command.js';
import { adminCreate } from './admin-create.js';
import { apiKeyCreate } from './api-key-create.js';
import { connectionCreate } from './connection-create.js';
import { connectionList } from './connection-list.js';
import { connectionDisable, connectionEnable } from './connection-switch.js';
import { connectionLog } from './connection-log.js';
import { demoPrepare } from './demo-prepare.js';
import { demoSignOnBegin, demoSignOnEnd } from './demo-sign-on.js';
import { domainList } from './domain-list.js';
import { domainVerify } from './domain-verify.js';
import { doctorDatabase } from './doctor-database.js';
import { invite } from './invite.js';
import { migrate } from './migrate.js';
import { passwordReset } from './password-reset.js';
import { ssoList } from './sso-list.js';
import { tokenCreate } from './token-create.js';
import { tokenList } from './token-list.js';
import { tokenRevoke } from './token-revoke.js';

/** Commands that a running server also does for a second process. */
export const databaseCommands: readonly DatabaseCommand[] = [
  connectionCreate,
  connectionList,
  connectionEnable,
  connectionDisable,
  connectionLog,
  tokenCreate,
  tokenList,
  tokenRevoke,
  apiKeyCreate,
  ssoList,
  adminCreate,
  passwordReset,
  invite,
  domainList,
  domainVerify,
  migrate,
  doctorDatabase,
  demoPrepare,
  demoSignOnBegin,
  demoSignOnEnd,
];
