import { z } from 'zod';
import type { PermissionShift, RolePreview } from '../../directory/roles/role-preview.js';
import type { Role } from '../../directory/roles/role.js';
import { ROLE_BASES } from '../../directory/schema/index.js';
import { LIMITS } from '../../kernel/limits.js';
import { inheritedPermissions } from '../../permissions/index.js';
import { id, instant, name, orNull } from './common.js';

const inheritedFrom = z.enum(ROLE_BASES);

export const roleSchema = z
  .strictObject({
    id,
    name: z.string(),
    description: z.string().nullable(),
    inheritedFrom,
    permissions: z
      .array(
        z.strictObject({
          name: z.string().meta({ description: 'As in the permission catalogue.' }),
          isInherited: z.boolean().meta({ description: 'Whether `inheritedFrom` gives it anyway.' }),
        }),
      )
      .meta({ description: 'What the role gives for everything in the team.' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'CustomRole', description: 'A custom role. Over SCIM it is the same at `/Roles`.' });

const fields = {
  name: name.meta({ description: 'Unique, in this case. Names of predefined roles are taken in any case.' }),
  description: z.string().max(LIMITS.stringLength).nullable(),
  inheritedFrom,
  permissions: z.array(z.string()).max(LIMITS.valuesPerAttribute).meta({
    description: 'All that the role adds to what it inherits, by name. What is inherited anyway is dropped.',
  }),
};

export const newRoleSchema = z
  .strictObject({
    ...fields,
    description: fields.description.default(null),
    permissions: fields.permissions.default([]),
  })
  .meta({ id: 'NewCustomRole', description: 'A custom role to be created.' });

export const wholeRoleSchema = z
  .strictObject({
    ...fields,
    description: fields.description.default(null),
    permissions: fields.permissions.optional(),
  })
  .meta({
    id: 'WholeCustomRole',
    description: 'A custom role as it is to be. Permissions that are left out stay as they are.',
  });

export const roleChangeSchema = z
  .strictObject(fields)
  .partial()
  .meta({ id: 'CustomRoleChange', description: 'What is left out stays as it is; null clears it.' });

export const roleDeletionSchema = z
  .strictObject({
    holdersMoved: z.int().min(0).meta({ description: 'Accounts that had the role.' }),
    movedTo: inheritedFrom.meta({ description: 'The role that they have instead.' }),
  })
  .meta({ id: 'CustomRoleDeletion', description: 'What became of the holders of a custom role.' });

const scope = z.enum(['none', 'own', 'any']);
const shifts = z.array(z.strictObject({ name: z.string(), before: scope, after: scope }));
const count = z.int().min(0);

export const rolePreviewSchema = z
  .strictObject({
    gained: shifts.meta({ description: 'Permissions that reach further.' }),
    lost: shifts.meta({ description: 'Permissions that reach less far.' }),
    accountCount: count.meta({ description: 'Accounts that have the role anywhere.' }),
    teamCount: count.meta({ description: 'Memberships of teams with the role.' }),
    projectCount: count.meta({ description: 'Places in projects with the role.' }),
    invitationCount: count.meta({ description: 'Invitations to teams that wait and give the role.' }),
    mappingRuleCount: count.meta({ description: 'Mapping rules that give the role.' }),
    holders: z
      .array(
        z.strictObject({
          userId: id,
          userName: z.string(),
          displayName: z.string(),
          team: z.strictObject({ id, displayName: z.string() }),
          project: z
            .strictObject({ id, name: z.string() })
            .nullable()
            .meta({ description: 'null: in the team itself.' }),
        }),
      )
      .meta({ description: 'The first 100 memberships and places, by userName.' }),
  })
  .meta({
    id: 'CustomRolePreview',
    description:
      'Whom a change of a custom role affects. A View-Only seat or organization role caps what a holder has, before and after.',
  });

export const roleToWire = (role: Role): z.output<typeof roleSchema> => ({
  id: role.id,
  name: role.name,
  description: orNull(role.description),
  inheritedFrom: role.inheritedFrom,
  permissions: [
    ...inheritedPermissions(role.inheritedFrom).map((permission) => ({
      name: permission,
      isInherited: true,
    })),
    ...role.permissions.map((permission) => ({ name: permission, isInherited: false })),
  ],
  createdAt: role.createdAt,
  updatedAt: role.updatedAt,
});

export const rolePreviewToWire = (preview: RolePreview): z.output<typeof rolePreviewSchema> => ({
  gained: preview.gained.map(shiftToWire),
  lost: preview.lost.map(shiftToWire),
  accountCount: preview.accountCount,
  teamCount: preview.teamCount,
  projectCount: preview.projectCount,
  invitationCount: preview.invitationCount,
  mappingRuleCount: preview.mappingRuleCount,
  holders: preview.first.map(({ project, ...holder }) => ({ ...holder, project: orNull(project) })),
});

const shiftToWire = ({ name: permission, before, after }: PermissionShift) => ({
  name: permission,
  before,
  after,
});
