export {
  API_KEY_SCOPES,
  isViewOnly,
  principalContext,
  type ApiKeyScope,
  type Credential,
  type Principal,
  type PrincipalContext,
} from './principal.js';
export { hasPermission, permissionsOf, requirePermission } from './require-permission.js';
