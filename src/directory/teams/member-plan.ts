import type { MemberDelta } from './team-store.js';
import type { MemberChange } from './team.js';

/** Steps after the last one that needs the database to say whom it selects, and that one. */
export type MemberStep = Exclude<MemberChange, { readonly kind: 'removeWhere' }>;

/**
 * Folds membership steps into what they amount to together, so that one statement can do them: a later step wins over
 * an earlier one for the same user, and a replacement forgets everything before it. `add` and `remove` are disjoint.
 */
export function foldMemberSteps(steps: readonly MemberStep[]): MemberDelta {
  const add = new Set<string>();
  const remove = new Set<string>();
  let isReplacement = false;
  for (const step of steps) {
    if (step.kind === 'replace') {
      isReplacement = true;
      add.clear();
      remove.clear();
    }
    for (const id of step.ids) {
      (step.kind === 'remove' ? add : remove).delete(id);
      if (step.kind !== 'remove') add.add(id);
      else if (!isReplacement) remove.add(id);
    }
  }
  return { add: [...add], remove: [...remove], isReplacement };
}
