import { isDomainError } from '../../kernel/errors.js';
import type { JsonObject } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { BulkAction } from './bulk-operation.js';
import type { Perform, Performed } from './perform-action.js';
import { postponeReferences, type PostponedValue } from './postpone.js';
import { resolveObject, resolveValue, type CreatedIds } from './references.js';

const PATCH_OP_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export interface RingMember {
  readonly bulkId: string;
  readonly action: Extract<BulkAction, { readonly kind: 'create' }>;
}

interface Created {
  readonly member: RingMember;
  readonly later: readonly PostponedValue[];
  readonly performed: Performed;
}

/** By member: its own error; undefined when it failed only because another did. */
export type RingErrors = readonly unknown[];

/**
 * Creates resources that refer to each other in a circle (RFC 7644 section 3.7.1), each exactly once: first without
 * the references to those that come later, which PATCH then adds. All of them or none: when one fails, `undo` removes
 * what was created.
 * @param ids - gains the new ids, also while they are in the making
 * @throws DomainError database.unavailable
 */
export async function createRing(
  members: readonly RingMember[],
  ids: Map<string, string>,
  { perform, undo }: { readonly perform: Perform; readonly undo: Perform },
): Promise<Result<readonly Performed[], RingErrors>> {
  const created: Created[] = [];
  const closed: Performed[] = [];
  try {
    const awaited = new Set(members.map((member) => member.bulkId));
    for (const member of members) {
      const { type, data } = member.action;
      const { now, later } = postponeReferences(type, data, awaited);
      const performed = await perform({ kind: 'create', type, data: resolveObject(now, ids) });
      created.push({ member, later, performed });
      ids.set(member.bulkId, performed.id);
      awaited.delete(member.bulkId);
    }
    for (const entry of created) closed.push(await addPostponed(entry, ids, perform));
    return ok(closed);
  } catch (error) {
    if (isDomainError(error, 'database.unavailable')) throw error;
    const culprit = created.length < members.length ? created.length : closed.length;
    const errors: unknown[] = members.map((_member, index) => (index === culprit ? error : undefined));
    for (const [index, entry] of [...created.entries()].reverse()) {
      ids.delete(entry.member.bulkId);
      errors[index] = (await removeAgain(entry, undo)) ?? errors[index];
    }
    return err(errors);
  }
}

async function addPostponed(entry: Created, ids: CreatedIds, perform: Perform): Promise<Performed> {
  const { member, later, performed } = entry;
  if (later.length === 0) return performed;
  const data: JsonObject = {
    schemas: [PATCH_OP_URN],
    Operations: later.map(({ path, value }) => ({ op: 'add', path, value: resolveValue(value, ids) })),
  };
  const { version } = await perform({ kind: 'patch', type: member.action.type, id: performed.id, data });
  return { ...performed, version };
}

/** @returns why it could not be removed; undefined when it was */
async function removeAgain({ member, performed }: Created, undo: Perform): Promise<unknown> {
  try {
    await undo({ kind: 'remove', type: member.action.type, id: performed.id });
    return undefined;
  } catch (error) {
    if (isDomainError(error, 'database.unavailable')) throw error;
    return error;
  }
}
