export { applyPatch } from './apply-patch.js';
export type { PatchOperation, PatchOptions } from './operation.js';
export { PatchWork } from './patch-work.js';
export { parsePatchPath, type PatchTarget } from './patch-path.js';
export { readPatch } from './read-patch.js';
export { splitGroupOperations, type GroupPatch, type MemberChange } from './split-group-operations.js';
export {
  splitUserOperations,
  type TeamRoleChange,
  type TeamRoleEntry,
  type UserPatch,
} from './split-user-operations.js';
