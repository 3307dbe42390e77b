import { describe, expect, it } from '@jest/globals';
import type { ActionName } from '../../../../src/directory/access/access-request.js';
import { decide } from '../../../../src/directory/access/decide.js';
import { ORGANIZATION_PERMISSIONS } from '../../../../src/permissions/index.js';
import { ask, decided, facts, membership, ORGANIZATION, person, POLICY, ROLES } from './facts.js';

/** Decisions 7: what organization roles give. */
const MEMBERS: readonly ActionName[] = ['organization:read_users'];
const ADMINS: readonly ActionName[] = [
  'organization:read_users',
  'organization:invite_user',
  'organization:remove_user',
  'organization:deactivate_user',
  'organization:update_user_role',
  'organization:update_seat',
  'role:create',
  'role:update',
  'role:delete',
  'team:create',
  'team:delete',
  'team:add_member',
  'team:remove_member',
  'team:update_settings',
  'connection:manage',
  'sso:manage',
  'system:configure',
  'system:view_activity',
  'audit:read',
];

const outside = { membership: undefined };
const asked = (action: ActionName) =>
  action === 'team:create' ? ({ type: 'organization', id: ORGANIZATION } as const) : {};

describe('organization roles (decisions 7)', () => {
  it('of the decisions are in the catalogue', () => {
    expect(ORGANIZATION_PERMISSIONS).toEqual(expect.arrayContaining([...ADMINS]));
  });

  it.each(ORGANIZATION_PERMISSIONS)(
    'give %s to admins, and to members and viewers as far as it says',
    (action) => {
      const isAllowed = (organizationRole: 'admin' | 'member' | 'viewer') =>
        decided(action, { ...outside, subject: person({ organizationRole }) }, asked(action)).isAllowed;
      expect(isAllowed('admin')).toBe(true);
      expect(isAllowed('member')).toBe(MEMBERS.includes(action));
      expect(isAllowed('viewer')).toBe(false);
    },
  );

  it.each([
    'run:read',
    'project:read',
    'project:delete',
    'artifact:download',
    'team:read',
    'registry:read',
  ] as const)('give an admin no access to the data of a team: %s', (action) => {
    const admin = person({ organizationRole: 'admin' });
    expect(decided(action, { ...outside, subject: admin })).toMatchObject({ code: 'not_a_member' });
  });

  it('of admin gives team:add_member in every team, whatever the role there', () => {
    const admin = person({ organizationRole: 'admin', seat: 'none' });
    expect(
      decided('team:add_member', { subject: admin, membership: membership(ROLES.viewer) }),
    ).toMatchObject({
      isAllowed: true,
      code: 'organization_role',
    });
  });

  it('of member gives team:create only where the installation allows it', () => {
    const request = ask('team:create', { type: 'organization', id: ORGANIZATION });
    const asks = (organizationRole: 'member' | 'viewer', mayMembersCreateTeams: boolean) =>
      decide(request, facts({ subject: person({ organizationRole }) }), { mayMembersCreateTeams });
    expect(asks('member', false).isAllowed).toBe(false);
    expect(asks('member', true)).toMatchObject({ isAllowed: true, code: 'installation_setting' });
    expect(asks('viewer', true).isAllowed).toBe(false);
  });

  it('are asked about one organization: another id is unknown', () => {
    const admin = person({ organizationRole: 'admin' });
    const elsewhere = { type: 'organization', id: '00000000-0000-7000-8000-000000000009' } as const;
    expect(decided('audit:read', { subject: admin }, elsewhere)).toMatchObject({ code: 'resource_unknown' });
    expect(decided('audit:read', { subject: admin }, { type: 'system', id: 'other' })).toMatchObject({
      code: 'resource_unknown',
    });
  });

  it('let a custom role be changed only when it exists', () => {
    const admin = person({ organizationRole: 'admin' });
    const request = ask('role:update', { type: 'role', id: '00000000-0000-7000-8000-000000000009' });
    expect(decide(request, facts({ subject: admin }), POLICY)).toMatchObject({ code: 'resource_unknown' });
    expect(decide(request, facts({ subject: admin, hasCustomRole: true }), POLICY).isAllowed).toBe(true);
  });
});
