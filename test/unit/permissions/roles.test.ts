import { describe, expect, it } from '@jest/globals';
import { isPermission, PERMISSION_NAMES, permissionEntry } from '../../../src/permissions/catalogue.js';
import {
  ADDABLE_PERMISSIONS,
  inheritedPermissions,
  isPredefinedRoleName,
  organizationPermissions,
} from '../../../src/permissions/roles.js';

describe('the permission catalogue (docs/permissions.md)', () => {
  it('has names of the form object:action', () => {
    expect(PERMISSION_NAMES).toHaveLength(40);
    for (const name of PERMISSION_NAMES) expect(name).toMatch(/^[a-z_]+:[a-z_]+$/);
  });

  it('knows its names exactly, and no property of an object', () => {
    expect(isPermission('project:update')).toBe(true);
    for (const name of ['Project:update', 'project:', '', '__proto__', 'constructor', 'toString']) {
      expect(isPermission(name)).toBe(false);
    }
  });

  it('gives a member at least what it gives a viewer, and a team admin at least what a member has', () => {
    const reach = { none: 0, own: 1, any: 2 };
    for (const name of PERMISSION_NAMES) {
      const { viewer, member, teamAdmin } = permissionEntry(name);
      expect(reach[member]).toBeGreaterThanOrEqual(reach[viewer]);
      expect(reach[teamAdmin]).toBeGreaterThanOrEqual(reach[member]);
    }
  });

  it('leaves protected aliases to registry admins', () => {
    expect(permissionEntry('registry:manage_protected_aliases')).toMatchObject({
      registryAdmin: 'any',
      teamAdmin: 'none',
    });
  });
});

describe('custom roles (docs/permissions.md)', () => {
  it('inherit reading from viewer', () => {
    expect(inheritedPermissions('viewer')).toEqual([
      'team:read',
      'project:read',
      'run:read',
      'report:read',
      'report:comment',
      'artifact:read',
      'registry:read',
      'registry:download',
      'launchagent:read',
    ]);
  });

  it('inherit from member what it has for any, not what it has for its own', () => {
    const inherited = inheritedPermissions('member');
    expect(inherited).toHaveLength(22);
    expect(inherited).toEqual(expect.arrayContaining([...inheritedPermissions('viewer'), 'run:create']));
    expect(inherited).not.toContain('run:update');
    expect(inherited).not.toContain('team:invite_member');
  });

  it('may add everything down to team:update_member_role', () => {
    expect(ADDABLE_PERMISSIONS.at(-1)).toBe('team:update_member_role');
    expect(PERMISSION_NAMES.filter((name) => !ADDABLE_PERMISSIONS.includes(name))).toEqual([
      'team:update_settings',
      'team:manage_service_accounts',
    ]);
  });

  it.each(['admin', 'Member', 'VIEWER', 'View-Only', 'Service'])('may not be named %s', (name) => {
    expect(isPredefinedRoleName(name)).toBe(true);
  });

  it.each(['admins', 'Reviewer', '', 'constructor'])('may be named %j', (name) => {
    expect(isPredefinedRoleName(name)).toBe(false);
  });
});

describe('organization roles (docs/permissions.md)', () => {
  it('give an admin everything, a member the list of users and a viewer nothing', () => {
    expect(organizationPermissions('admin')).toContain('connection:manage');
    expect(organizationPermissions('member')).toEqual(['organization:read_users']);
    expect(organizationPermissions('viewer')).toEqual([]);
  });
});
