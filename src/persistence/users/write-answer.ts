import type { UserDocument } from '../../directory/users/user.js';
import type { UserWriteVerdict } from '../../directory/users/user-store.js';
import { toDocument } from './user-document.js';

export interface WriteRow {
  /** As the function write_answer makes it; null when there is no such user. */
  readonly answer: string | null;
}

export interface WriteResult {
  readonly verdict: UserWriteVerdict | 'needs_link';
  readonly user: UserDocument;
}

/** Undefined without an answer. */
export function toResult(id: string, row: WriteRow | undefined, baseUrl: string): WriteResult | undefined {
  if (typeof row?.answer !== 'string') return undefined;
  const { answer } = row;
  const verdictEnd = answer.indexOf(' ');
  const versionEnd = answer.indexOf(' ', verdictEnd + 1);
  const document = {
    version: Number(answer.slice(verdictEnd + 1, versionEnd)),
    has_been_member: answer[versionEnd + 1] === 't',
    wire: answer.slice(versionEnd + 3),
  };
  return {
    verdict: answer.slice(0, verdictEnd) as WriteResult['verdict'],
    user: toDocument(id, document, baseUrl),
  };
}
