import type { UserAccount } from '../../directory/users/user-account.js';
import { csvLine } from '../frame/csv.js';
import { orNull } from './common.js';

type Cell = string | number | boolean | null;

/** The columns of the export, named as in the schema Account. `email` is the primary address, else the first. */
const COLUMNS: Readonly<Record<string, (account: UserAccount) => Cell>> = {
  id: ({ id }) => id,
  userName: ({ userName }) => userName,
  displayName: ({ displayName }) => displayName,
  givenName: ({ name }) => orNull(name.givenName),
  familyName: ({ name }) => orNull(name.familyName),
  email: ({ emails }) => (emails.find(({ isPrimary }) => isPrimary) ?? emails[0])?.value ?? null,
  title: ({ title }) => orNull(title),
  status: ({ status }) => status,
  organizationRole: ({ organizationRole }) => organizationRole,
  seat: ({ seat }) => seat,
  accountType: ({ accountType }) => accountType,
  isProtected: ({ isProtected }) => isProtected,
  connectionId: ({ connectionId }) => orNull(connectionId),
  lastActiveAt: ({ lastActiveAt }) => orNull(lastActiveAt),
  daysActive: ({ daysActive }) => daysActive,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  removedAt: ({ removedAt }) => orNull(removedAt),
};
const CELLS = Object.values(COLUMNS);

/** The header first, with the first accounts: whoever may not read them gets no file. */
export async function* accountsToCsv(pages: AsyncIterable<readonly UserAccount[]>): AsyncGenerator<string> {
  let header = csvLine(Object.keys(COLUMNS));
  for await (const accounts of pages) {
    yield header + accounts.map((account) => csvLine(CELLS.map((cell) => cell(account)))).join('');
    header = '';
  }
  if (header !== '') yield header;
}
