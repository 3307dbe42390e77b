import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../conformance/rfc/support/assertions.js';
import { AuditTrail } from '../../persistence/support/audit-trail.js';
import { ScimClient } from '../../support/scim-client.js';
import { PASSWORD, useSignInWorld } from './support/sign-in-world.js';
import { connectDomain } from './support/verified-domain.js';

const CLI = { kind: 'system', id: 'cli' } as const;

describe('LOCAL_RESTORE=true (product decision)', () => {
  const world = useSignInWorld({ env: { LOCAL_RESTORE: 'true', LOCAL_SIGN_IN: 'false', SEAT_LIMIT: '1' } });

  it('gives the operator a password that works once, whatever seats and LOCAL_SIGN_IN say', async () => {
    const { restoreAdmin, setup } = world().server.services;
    const organization = await setup.ensureOrganization(CLI);
    const context = {
      organizationId: organization.id,
      actor: CLI,
      requestId: 'test',
      sourceAddress: undefined,
    };
    await setup.createAdmin(context, { email: 'seated@example.com', password: PASSWORD, isProtected: false });
    const trail = await AuditTrail.start(world().server, organization.id);
    const { userName, password } = await restoreAdmin.enable();
    expect(password).toMatch(/^[\w-]{43}$/);
    const browser = await world().signedIn(userName, password);
    expect(browser.page.html).toContain('Restore admin');
    await expect(world().signedIn(userName, password)).rejects.toThrow('sign-in failed');
    expect((await trail.news()).map(({ action }) => action)).toEqual([
      'user:create',
      'user:update_password',
      'user:login',
    ]);
  });

  it('lets one of two in who use the password at the same moment', async () => {
    const { userName, password } = await world().server.services.restoreAdmin.enable();
    const outcomes = await Promise.allSettled([
      world().signedIn(userName, password),
      world().signedIn(userName, password),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('makes the password of an earlier start worthless, and one account only', async () => {
    const { restoreAdmin } = world().server.services;
    const first = await restoreAdmin.enable();
    const second = await restoreAdmin.enable();
    expect(second.userName).toBe(first.userName);
    await expect(world().signedIn(first.userName, first.password)).rejects.toThrow('sign-in failed');
    await world().signedIn(second.userName, second.password);
  });

  it('switches single sign-on off', async () => {
    const { server, organization } = world();
    const { id } = await connectDomain(server, organization, 'restored.example.com');
    const browser = world().browser();
    const { html } = await browser.open('/login');
    expect(html).toContain('/login/password');
    const page = await browser.submit('/login', { email: 'ada@restored.example.com' });
    expect(page.html).toContain('name="password"');
    expect((await browser.open(`/sso/oidc/${id}/login`)).status).toBe(403);
  });
});

describe('a start without LOCAL_RESTORE (product decision)', () => {
  const world = useSignInWorld();

  it('ends the session, the password and the activity of the restore admin; the next start with it wakes the account', async () => {
    const { restoreAdmin, setup, sessions } = world().server.services;
    const { id: organizationId } = await setup.ensureOrganization(CLI);
    const context = { organizationId, actor: CLI, requestId: 'test', sourceAddress: undefined };
    await setup.createAdmin(context, { email: 'other@example.com', password: PASSWORD, isProtected: false });
    const used = await restoreAdmin.enable();
    const browser = await world().signedIn(used.userName, used.password);
    const principal = await sessions.verify(browser.cookie('rollcall') ?? '');
    const unused = await restoreAdmin.enable();
    expect(await restoreAdmin.disable()).toBe(true);
    expect(await sessions.verify(browser.cookie('rollcall') ?? '')).toBeUndefined();
    await expect(world().signedIn(unused.userName, unused.password)).rejects.toThrow('sign-in failed');
    expect(await restoreAdmin.disable()).toBe(true);

    const { userName, password } = await restoreAdmin.enable();
    const again = await world().signedIn(userName, password);
    expect(await sessions.verify(again.cookie('rollcall') ?? '')).toMatchObject({
      userId: principal?.userId,
      organizationRole: 'admin',
      seat: 'none',
    });
  });

  it('leaves the last active admin active, but without a way in', async () => {
    const { services, database } = world().server;
    const organization = await services.setup.ensureOrganization(CLI);
    const { userName, password } = await services.restoreAdmin.enable();
    await database.connection.db
      .updateTable('users')
      .set({ is_active: false })
      .where('org_id', '=', organization.id)
      .where('user_name', '=', 'other@example.com')
      .execute();
    expect(await services.restoreAdmin.disable()).toBe(false);
    await expect(world().signedIn(userName, password)).rejects.toThrow('sign-in failed');
  });
});

describe('the restore admin and an IdP (product decision)', () => {
  const world = useSignInWorld();

  it('that took its name does not become it, and cannot change, deactivate or delete it', async () => {
    const { services, baseUrl } = world().server;
    const { id: organizationId } = await services.setup.ensureOrganization(CLI);
    const context = { organizationId, actor: CLI, requestId: 'test', sourceAddress: undefined };
    const connection = await services.connections.create(context, 'idp');
    const token = await services.connections.issueToken(context, connection.id, {
      kind: 'bearer',
      name: 'x',
    });
    const scim = new ScimClient(`${baseUrl}/scim/v2`, token.secret);
    expectStatus(await scim.post('/Users', { userName: 'restore-admin', organizationRole: 'admin' }), 201);

    const { userName, password } = await services.restoreAdmin.enable();
    expect(userName).toBe('restore-admin-2');
    const { body } = await scim.get('/Users?filter=userName eq "restore-admin-2"');
    const id = String(body.Resources[0].id);
    for (const [path, value] of [
      ['active', false],
      ['organizationRole', 'viewer'],
      ['userName', 'mine'],
    ])
      expectStatus(await scim.operations(`/Users/${id}`, { op: 'replace', path, value }), 403);
    expectStatus(await scim.delete(`/Users/${id}`), 403);
    await world().signedIn(userName, password);
  });
});
