import type { OrganizationPermission, Permission } from '../../permissions/index.js';

/** What can be asked about. Runs and what is in them belong to the application; Rollcall knows their project. */
export const RESOURCE_TYPES = [
  'project',
  'run',
  'sweep',
  'report',
  'workspace',
  'artifact',
  'artifact_alias',
  'registry',
  'launchagent',
  'team',
  'role',
  'organization',
  'system',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

export const SUBJECT_TYPES = ['user', 'service_account'] as const;
export type SubjectType = (typeof SUBJECT_TYPES)[number];

/** What can be asked for: every permission of the catalogue. */
export type ActionName = Permission | OrganizationPermission;

/** Who is asked about: by id, userName or e-mail address. */
export interface SubjectReference {
  readonly type: SubjectType;
  readonly id: string;
}

export interface ResourceReference {
  readonly type: ResourceType;
  readonly id: string;
  /** Who made it, in any way a subject can be named. Of a project, Rollcall knows the owner itself. */
  readonly createdBy?: string;
  /** The project it is in. */
  readonly project?: string;
  readonly team?: string;
  /** Where a run is to be moved. */
  readonly targetProject?: string;
}

/** May this subject do this to that? */
export interface AccessRequest {
  readonly subject: SubjectReference;
  readonly action: ActionName;
  readonly resource: ResourceReference;
}
