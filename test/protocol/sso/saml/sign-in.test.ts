import { createPublicKey, X509Certificate } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from '../../../support/browser.js';
import { keyOf } from '../../../support/saml/fixture-world.js';
import { formOf, idpPerson, postForm } from '../../../support/saml/saml-identity-provider.js';
import { signElement } from '../../../support/saml/sign-xml.js';
import type { TestOrganization } from '../../../support/server.js';
import { oidcDraft } from '../../../persistence/support/sso-connections.js';
import { ADA, connect, signIn, stopAtAnswer, useWorld, whoIs, type Connected } from './support/world.js';

const world = useWorld();
const { server, idp } = world;
let organization: TestOrganization;
let connected: Connected;
let browser: Browser;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(world, organization);
});
beforeEach(() => {
  browser = new Browser();
});

const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;

const userOf = async (where = browser, at = connected): Promise<Record<string, unknown>> => {
  const me = await whoIs(world, where);
  return (await at.organization.scim.get(`/Users/${me?.userId ?? 'nobody'}`)).body;
};

describe('a sign-in at a SAML identity provider (SAML profiles 4.1)', () => {
  it('opens a session for a new account with the names that were asserted', async () => {
    const page = await signIn(world, browser, connected, ADA);
    expect(page.status).toBe(200);
    expect(await whoIs(world, browser)).toMatchObject({ organizationId: organization.id });
    expect(await userOf()).toMatchObject({
      userName: 'ada@example.com',
      name: { givenName: 'ada', familyName: 'Lovelace' },
      emails: [{ value: 'ada@example.com' }],
    });
  });

  it('finds the same account again', async () => {
    await signIn(world, browser, connected, ADA);
    const again = new Browser();
    await signIn(world, again, connected, ADA);
    expect((await whoIs(world, again))?.userId).toBe((await whoIs(world, browser))?.userId);
  });

  it('goes to where the person wanted to go', async () => {
    const page = await signIn(world, browser, connected, ADA, '?returnTo=%2Fopenapi.yaml%3Fa%3Db');
    expect(page.url).toBe(`${server().baseUrl}/openapi.yaml?a=b`);
  });

  it('asks with a signed request for our own address, and with nothing of the person in it', async () => {
    const page = await browser.visit(`${connected.address}/login?returnTo=%2Fsecret`, {
      stopBefore: (url) => url.startsWith(idp().baseUrl),
    });
    const { searchParams } = new URL(page.url);
    const xml = inflateRawSync(Buffer.from(searchParams.get('SAMLRequest')!, 'base64')).toString();
    expect(xml).toContain(`AssertionConsumerServiceURL="${connected.address}/acs"`);
    expect(xml).toContain(`>${connected.address}/metadata</saml:Issuer>`);
    expect(searchParams.get('SigAlg')).toBe('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256');
    expect(searchParams.get('RelayState')).toMatch(/^[\w-]{43}$/);
  });

  it('ends the session that the browser had, though its cookie does not come with the answer', async () => {
    await signIn(world, browser, connected, ADA);
    const cookie = browser.cookie(connected.address, 'rollcall')!;
    const answer = await stopAtAnswer(browser, connected);
    browser.setCookie(connected.address, 'rollcall', '');
    await postForm(browser, answer);
    const earlier = new Browser();
    earlier.setCookie(connected.address, 'rollcall', cookie);
    expect(await whoIs(world, earlier)).toBeUndefined();
    expect(await whoIs(world, browser)).toBeDefined();
  });

  it('works in two tabs of one browser at once', async () => {
    const one = await stopAtAnswer(browser, connected);
    const other = await stopAtAnswer(browser, connected);
    expect((await postForm(browser, one)).status).toBe(200);
    expect((await postForm(browser, other)).status).toBe(200);
  });

  it('lasts no longer than the identity provider allows (SessionNotOnOrAfter)', async () => {
    const end = new Date(Date.now() + 120_000).toISOString();
    const limited = await connect(world, await server().organization(), {
      settings: { requiredSignature: 'assertion' },
    });
    idp().behaviour = {
      options: { signAssertion: false, signResponse: false },
      tamper: (xml) =>
        signElement(
          xml.replace('<saml:AuthnStatement ', `$&SessionNotOnOrAfter="${end}" `),
          'Assertion',
          keyOf('idp'),
        ),
    };
    await signIn(world, browser, limited, ADA);
    const { userId } = (await whoIs(world, browser))!;
    const sessions = await server().services.sessions.list(limited.organization.id, userId);
    expect(sessions[0]?.expiresAt).toBe(end);
  });
});

describe('what an identity provider may sign and encrypt', () => {
  it('is the response, where the connection wants that', async () => {
    const other = await connect(world, await server().organization(), {
      settings: { requiredSignature: 'response' },
    });
    idp().behaviour = { options: { signAssertion: false, signResponse: true } };
    expect((await signIn(world, browser, other, ADA)).status).toBe(200);
  });

  it('is both', async () => {
    const other = await connect(world, await server().organization(), {
      settings: { requiredSignature: 'both' },
    });
    idp().behaviour = { options: { signResponse: true } };
    expect((await signIn(world, browser, other, ADA)).status).toBe(200);
  });

  it('is an assertion encrypted with the certificate of our metadata', async () => {
    const other = await connect(world, await server().organization(), {
      settings: { wantsEncryptedAssertions: true },
    });
    const key = createPublicKey(other.certificate).export({ type: 'spki', format: 'pem' }).toString();
    idp().behaviour = { options: { encryptionCert: other.certificate, encryptionPublicKey: key } };
    expect((await signIn(world, browser, other, ADA)).status).toBe(200);
    idp().behaviour = {};
    expect((await signIn(world, browser, other, ADA)).status).toBe(403);
  });

  it('is signed by the next key as well as by the last, while both are known', async () => {
    const certificates = [keyOf('idp').certificate, keyOf('idp-next').certificate];
    const other = await connect(world, await server().organization(), { settings: { certificates } });
    expect((await signIn(world, browser, other, ADA)).status).toBe(200);
    idp().key = keyOf('idp-next');
    expect((await signIn(world, browser, other, ADA)).status).toBe(200);
    idp().key = keyOf('stranger');
    expect((await signIn(world, browser, other, ADA)).status).toBe(403);
  });
});

describe('what starts at the identity provider (SAML profiles 4.1.5)', () => {
  const start = async (where: Connected, relayState?: string): ReturnType<typeof postForm> => {
    const sp = encodeURIComponent(`${where.address}/metadata`);
    const page = await browser.visit(`${idp().baseUrl}/start?sp=${sp}`);
    return postForm(browser, page, relayState === undefined ? {} : { RelayState: relayState });
  };

  it('is refused unless the connection allows it', async () => {
    expect((await start(connected)).status).toBe(403);
    expect(await whoIs(world, browser)).toBeUndefined();
  });

  it('signs in where the connection allows it, and goes to a path of ours that RelayState names', async () => {
    const open = await connect(world, await server().organization(), {
      settings: { allowsIdpInitiated: true },
    });
    const page = await start(open, '/openapi.yaml');
    expect(page.url).toBe(`${server().baseUrl}/openapi.yaml`);
    expect(await whoIs(world, browser)).toBeDefined();
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'does not go to %s',
    async (relayState) => {
      const open = await connect(world, await server().organization(), {
        settings: { allowsIdpInitiated: true },
      });
      expect((await start(open, relayState)).url).toBe(`${server().baseUrl}/account`);
    },
  );

  it('is taken once', async () => {
    const open = await connect(world, await server().organization(), {
      settings: { allowsIdpInitiated: true },
    });
    const sp = encodeURIComponent(`${open.address}/metadata`);
    const page = await browser.visit(`${idp().baseUrl}/start?sp=${sp}`);
    expect((await postForm(browser, page)).status).toBe(200);
    expect((await postForm(new Browser(), page)).status).toBe(403);
  });
});

describe('the names of attributes', () => {
  it('are those of Entra ID with its preset, where the object id is the subject', async () => {
    const entra = await connect(world, await server().organization(), {
      preset: 'entra',
      domains: ['entra.example'],
    });
    const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
    const person = (upn: string): ReturnType<typeof idpPerson> => ({
      nameId: upn,
      attributes: {
        'http://schemas.microsoft.com/identity/claims/objectidentifier':
          '0a4c7d1e-0000-4000-8000-00000000000e',
        'http://schemas.microsoft.com/identity/claims/displayname': 'Grace Hopper',
        [`${claims}/name`]: upn,
        [`${claims}/givenname`]: 'Grace',
        [`${claims}/surname`]: 'Hopper',
        [`${claims}/emailaddress`]: upn,
      },
    });
    await signIn(world, browser, entra, person('grace.murray@entra.example'));
    const first = await userOf(browser, entra);
    expect(first).toMatchObject({ displayName: 'Grace Hopper', userName: 'grace.murray@entra.example' });
    const married = new Browser();
    await signIn(world, married, entra, person('grace.hopper@entra.example'));
    expect((await userOf(married, entra))['id']).toBe(first['id']);
  });

  it('may be the connection’s own', async () => {
    const own = await connect(world, await server().organization(), {
      preset: 'custom',
      settings: { attributes: { userName: ['uid'], displayName: ['cn'] } },
    });
    const person = { nameId: 'opaque-7', attributes: { uid: 'katherine', cn: 'Katherine Johnson' } };
    await signIn(world, browser, own, person);
    expect(await userOf(browser, own)).toMatchObject({
      userName: 'katherine',
      displayName: 'Katherine Johnson',
    });
  });

  it.each([
    ['a transient NameID', { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }],
    ['a NameID that no account could have', { nameId: 'x'.repeat(300) }],
  ])('do not let in somebody with %s', async (_case, more) => {
    expect((await signIn(world, browser, connected, idpPerson('transient', more))).status).toBe(403);
  });
});

describe('a server without TLS, to which browsers bring no cookie from another site', () => {
  it('lets the person post the answer again from its own page', async () => {
    const answer = await stopAtAnswer(browser, connected);
    const bare = new Browser();
    const page = await bare.visit(`${connected.address}/acs`, {
      form: { ...formOf(answer).fields },
      headers: { origin: 'https://idp.example.com', 'sec-fetch-site': 'cross-site' },
    });
    expect(page).toMatchObject({ status: 200 });
    expect(page.text).toContain('One more step');
    const end = await postForm(browser, page);
    expect(end.status).toBe(200);
    expect(await whoIs(world, browser)).toBeDefined();
  });
});

describe('metadata of the service provider (SAML metadata 2.4.4)', () => {
  it('is there before the connection is on, with one entityID for each connection', async () => {
    const off = await connect(world, await server().organization(), { isEnabled: false });
    const response = await fetch(`${off.address}/metadata`);
    expect(response.headers.get('content-type')).toBe('application/samlmetadata+xml');
    const xml = await response.text();
    expect(xml).toContain(`entityID="${off.address}/metadata"`);
    expect(xml).toContain(`Location="${off.address}/acs"`);
    expect(xml).toContain('AuthnRequestsSigned="true" WantAssertionsSigned="true"');
    expect(fingerprint(off.certificate)).not.toBe(fingerprint(connected.certificate));
  });

  it.each(['00000000-0000-7000-8000-000000000000', 'not-an-id', '%00'])('is 404 for %s', async (id) => {
    expect((await fetch(`${server().baseUrl}/sso/saml/${id}/metadata`)).status).toBeGreaterThanOrEqual(400);
  });

  it('and the addresses of an OpenID Connect connection are not there', async () => {
    const { id } = await server().services.ssoConnections.create(organization.context, oidcDraft('other'));
    for (const path of ['metadata', 'login', 'test', 'logout'])
      expect((await fetch(`${server().baseUrl}/sso/saml/${id}/${path}`)).status).toBe(404);
  });
});
