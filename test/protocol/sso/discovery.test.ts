import { describe, expect, it } from '@jest/globals';
import { useSignInWorld } from './support/sign-in-world.js';
import { connectDomain } from './support/verified-domain.js';

const world = useSignInWorld();

/** Enters an address, and says where that leads without going there. */
async function discover(email: string, returnTo?: string) {
  const { baseUrl } = world().server;
  const query = returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo }).toString()}`;
  const first = await fetch(`${baseUrl}/login${query}`);
  const html = await first.text();
  const hidden = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const response = await fetch(`${baseUrl}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: first.headers.getSetCookie()[0]?.split(';')[0] ?? '' },
    body: new URLSearchParams([
      ...hidden.map(([, name = '', value = '']) => [name, value]),
      ['email', email],
    ]),
  });
  return { status: response.status, refresh: response.headers.get('refresh'), html: await response.text() };
}

describe('an e-mail address leads to where its domain signs in (product decision)', () => {
  it.each(['saml', 'oidc'] as const)(
    'for the verified domain of a %s connection, in any case',
    async (kind) => {
      const { server, organization } = world();
      const domain = `${kind}.example.com`;
      const { id } = await connectDomain(server, organization, domain, { kind });
      for (const email of [
        `ada@${domain}`,
        `ADA@${domain.toUpperCase()}`,
        ` ada@${domain} `,
        `nobody-knows@${domain}`,
      ]) {
        const { status, refresh, html } = await discover(email, '/account?x=1');
        expect(status).toBe(200);
        const target = new URL(refresh?.replace('0; url=', '') ?? '', server.baseUrl);
        expect(target.origin + target.pathname).toBe(`${server.baseUrl}/sso/${kind}/${id}/login`);
        expect(target.searchParams.get('returnTo')).toBe('/account?x=1');
        expect(target.searchParams.get('login_hint')).toBe(kind === 'oidc' ? email.trim() : null);
        expect(html).toContain('Continue');
        expect(html).not.toContain('name="password"');
      }
    },
  );

  it('and otherwise to the form for a password, whether there is an account or not', async () => {
    const { server, organization } = world();
    await connectDomain(server, organization, 'unverified.example.com', { isVerified: false });
    await connectDomain(server, organization, 'disabled.example.com', { isEnabled: false });
    const { email } = await world().admin();
    const pages = [];
    for (const address of [
      email,
      'nobody@example.net',
      'ada@unverified.example.com',
      'ada@disabled.example.com',
      'ada@sub.saml.example.com',
      'ada@xsaml.example.com',
      'restore-admin',
    ]) {
      const { status, refresh, html } = await discover(address);
      expect([status, refresh]).toEqual([200, null]);
      pages.push(html.replaceAll(/value="[^"]*"/g, ''));
    }
    expect(new Set(pages).size).toBe(1);
  });

  it('tells strangers of no connection that an admin made', async () => {
    const { server, organization } = world();
    await connectDomain(server, organization, 'secret.example.com');
    const html = await (await fetch(`${server.baseUrl}/login`)).text();
    expect(html).not.toContain('idp of');
    expect(html).not.toContain('/sso/');
  });

  it('offers everybody the one that the operator configured for the instance', async () => {
    const { server, organization } = world();
    const { services } = server;
    const draft = (await connectDomain(server, organization, 'operator.example.com')).settings;
    const { id } = await services.ssoConnections.create(
      organization.context,
      {
        name: 'Company login',
        protocol: { kind: 'oidc', settings: draft as never, secrets: { clientSecret: 'x' } },
        options: { isEnabled: true },
      },
      'environment',
    );
    const html = await (await fetch(`${server.baseUrl}/login?returnTo=%2Faccount`)).text();
    expect(html).toContain('Sign in with Company login');
    expect(html).toContain(`href="/sso/oidc/${id}/login?returnTo=%2Faccount"`);
  });
});
