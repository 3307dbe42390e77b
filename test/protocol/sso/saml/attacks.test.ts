import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { Browser, type Page } from '../../../support/browser.js';
import { encryptResponse } from '../../../support/saml/encrypt-assertion.js';
import { keyOf } from '../../../support/saml/fixture-world.js';
import { formOf, idpPerson, postForm } from '../../../support/saml/saml-identity-provider.js';
import { signElement } from '../../../support/saml/sign-xml.js';
import { WRAPPINGS, wrapSignature } from '../../../support/saml/wrap-signature.js';
import type { TestOrganization } from '../../../support/server.js';
import { ADA, connect, signIn, stopAtAnswer, useWorld, whoIs, type Connected } from './support/world.js';

const lines: string[] = [];
const world = useWorld({ log: { write: (line) => void lines.push(line) } });
const { server, idp } = world;
const MALLORY = idpPerson('mallory');
const VICTIM = 'root-admin@example.com';
let organization: TestOrganization;
let connected: Connected;
let browser: Browser;

beforeAll(async () => {
  organization = await server().organization();
  connected = await connect(world, organization, { domains: ['example.com'] });
});
beforeEach(() => {
  browser = new Browser();
});
afterEach(() => {
  lines.length = 0;
});

const withoutReference = (page: Page): string => page.text.replaceAll(/<code>[^<]+<\/code>/g, '');

/** The page of a sign-in that nobody waits for: what every refused one has to look like. */
async function neutralPage(): Promise<string> {
  const page = await new Browser().visit(`${connected.address}/acs`, { form: { SAMLResponse: 'AAAA' } });
  return withoutReference(page);
}

interface LogLine {
  readonly requestId: string;
  readonly reason: string;
}

const refusals = (): readonly LogLine[] =>
  lines.map((line) => JSON.parse(line) as LogLine).filter(({ reason }) => reason);

/** Nobody is signed in, the page tells nothing, and the log has the reason under its reference, and nothing of the person. */
async function expectRefused(page: Page, reason: string, who = browser): Promise<void> {
  expect(page.status).toBe(403);
  const reference = /<code>([^<]+)<\/code>/.exec(page.text)?.[1];
  expect(refusals().find(({ requestId }) => requestId === reference)?.reason).toBe(reason);
  expect(lines.join('')).not.toMatch(/@|Lovelace|PHNhbWxw|MIIC/);
  expect(withoutReference(page)).toBe(await neutralPage());
  expect(await whoIs(world, who)).toBeUndefined();
}

const steal = (name: string, from: Browser, to: Browser): void => {
  to.setCookie(connected.address, name, from.cookie(connected.address, name) ?? '');
};

describe('a forged answer', () => {
  const forge = (copy: Element): void => {
    copy.setAttribute('ID', '_forged');
    const nameId = copy.getElementsByTagNameNS('urn:oasis:names:tc:SAML:2.0:assertion', 'NameID')[0];
    if (nameId) nameId.textContent = VICTIM;
  };
  const tamper = (change: (xml: string) => string, options: object = {}): void => {
    idp().behaviour = { tamper: change, options };
  };

  it.each(WRAPPINGS)('by signature wrapping is refused: %s', async (wrapping) => {
    const isOfResponse = /^xsw[12]/.test(wrapping);
    tamper((xml) => wrapSignature(xml, wrapping, forge), { signResponse: isOfResponse });
    await expectRefused(await signIn(world, browser, connected, MALLORY), 'several_assertions');
  });

  it.each<[string, string, (xml: string) => string]>([
    [
      'whose signature was taken away',
      'signature_missing',
      (xml) => xml.replace(/<Signature.*<\/Signature>/s, ''),
    ],
    ['with another NameID', 'signature_invalid', (xml) => xml.replaceAll('>mallory@', '>root-admin@')],
    [
      'signed by a stranger',
      'signature_invalid',
      (xml) => signElement(unsigned(xml), 'Assertion', keyOf('stranger')),
    ],
    [
      'signed by SHA-1',
      'weak_algorithm',
      (xml) =>
        signElement(unsigned(xml), 'Assertion', keyOf('idp'), {
          signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
          digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1',
        }),
    ],
    [
      'with a comment in the NameID',
      'forbidden_markup',
      (xml) => xml.replace('>mallory@', '>m<!---->allory@'),
    ],
    ['with a document type', 'forbidden_markup', (xml) => `<!DOCTYPE a [<!ENTITY b "c">]>${xml}`],
    ['with an entity bomb', 'forbidden_markup', (xml) => bomb() + xml],
    [
      'far too large',
      'too_large',
      (xml) => xml.replace('</', `<x>${'x'.repeat(LIMITS.samlMessageBytes)}</x></`),
    ],
    ['that is no XML', 'malformed', () => 'hello'],
    [
      'encrypted for us by the forger, with nothing signed inside',
      'signature_missing',
      (xml) => encryptResponse(unsigned(xml), connected.certificate),
    ],
    [
      'encrypted for us by the forger, with an entity bomb inside',
      'decryption_failed',
      (xml) =>
        encryptResponse(
          unsigned(xml).replace(
            /<saml:Assertion .*<\/saml:Assertion>/s,
            (one) => `<saml:Assertion ${bomb()}${one}</saml:Assertion>`,
          ),
          connected.certificate,
        ),
    ],
  ])('%s is refused', async (_case, reason, change) => {
    tamper(change);
    await expectRefused(await signIn(world, browser, connected, MALLORY), reason);
  });

  it.each<[string, string, object]>([
    ['for another audience', 'audience_mismatch', { audience: 'https://another.example/metadata' }],
    ['for another recipient', 'recipient_mismatch', { recipient: 'https://another.example/acs' }],
    ['for another destination', 'destination_mismatch', { destination: 'https://another.example/acs' }],
    ['of another issuer', 'issuer_mismatch', { issuer: 'https://another.example/idp' }],
    ['to another request', 'in_response_to_mismatch', { inResponseTo: '_another' }],
    ['that has expired', 'expired', { lifetimeInSeconds: -61 }],
    ['with SHA-1', 'weak_algorithm', { signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' }],
    ['with only the response signed', 'signature_missing', { signAssertion: false, signResponse: true }],
    ['with nothing signed', 'signature_missing', { signAssertion: false }],
  ])('%s, by the identity provider itself, is refused', async (_case, reason, options) => {
    idp().behaviour = { options };
    await expectRefused(await signIn(world, browser, connected, MALLORY), reason);
  });
});

const unsigned = (xml: string): string => xml.replace(/<Signature.*<\/Signature>/s, '');
const bomb = (): string =>
  `<!DOCTYPE l [<!ENTITY a0 "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('')}]>`;

describe('an answer that was used before', () => {
  it('is refused in the same browser and in another with its cookies', async () => {
    const answer = await stopAtAnswer(browser, connected);
    const thief = new Browser();
    steal('rollcall-saml', browser, thief);
    await postForm(browser, answer);
    await expectRefused(await postForm(thief, answer), 'flow_unknown', thief);
  });

  it('is refused with the RelayState of a new request', async () => {
    idp().signedIn = MALLORY;
    const answer = await stopAtAnswer(new Browser(), connected);
    const RelayState = formOf(await stopAtAnswer(browser, connected)).fields['RelayState']!;
    await expectRefused(await postForm(browser, answer, { RelayState }), 'in_response_to_mismatch');
  });

  it('is refused when its assertion comes in an answer to nothing, where those are taken', async () => {
    const open = await connect(world, await server().organization(), {
      settings: { allowsIdpInitiated: true },
    });
    idp().signedIn = MALLORY;
    const answer = await stopAtAnswer(browser, open);
    await expectRefused(await postForm(browser, answer, { RelayState: '' }), 'in_response_to_mismatch');
  });

  it('uses its request up even when it is refused', async () => {
    const answer = await stopAtAnswer(browser, connected);
    await postForm(browser, answer, { SAMLResponse: 'AAAA' });
    await expectRefused(await postForm(browser, answer), 'flow_unknown');
  });
});

describe('an answer brought to where it does not belong', () => {
  it('is refused at another connection of the same identity provider', async () => {
    const other = await connect(world, organization);
    const { fields } = formOf(await stopAtAnswer(browser, connected));
    const page = await browser.visit(`${other.address}/acs`, { form: { ...fields } });
    await expectRefused(page, 'flow_unknown');
    const { RelayState = '' } = formOf(await stopAtAnswer(browser, other)).fields;
    const again = await browser.visit(`${other.address}/acs`, { form: { ...fields, RelayState } });
    await expectRefused(again, 'destination_mismatch');
  });

  it('is refused at a connection of another organization with the same identity provider', async () => {
    const elsewhere = await connect(world, await server().organization(), {
      settings: { allowsIdpInitiated: true },
    });
    const { SAMLResponse = '' } = formOf(await stopAtAnswer(browser, connected)).fields;
    const unsolicited = SAMLResponse;
    const page = await browser.visit(`${elsewhere.address}/acs`, { form: { SAMLResponse: unsolicited } });
    await expectRefused(page, 'destination_mismatch');
  });

  it('is refused at a connection that is switched off meanwhile', async () => {
    const other = await connect(world, await server().organization());
    const answer = await stopAtAnswer(browser, other);
    await server().services.ssoConnections.setEnabled(other.organization.context, other.connection.id, false);
    await expectRefused(await postForm(browser, answer), 'connection_disabled');
    expect((await browser.visit(`${other.address}/login`)).status).toBe(403);
  });
});

describe('login CSRF: signing a victim in as the attacker', () => {
  it("is refused: the attacker's answer in the victim's browser, which has begun nothing", async () => {
    idp().signedIn = MALLORY;
    const answer = await stopAtAnswer(new Browser(), connected);
    await expectRefused(await postForm(browser, answer), 'browser_mismatch');
  });

  it("is refused: the attacker's answer in the victim's browser, which has begun a sign-in of its own", async () => {
    idp().signedIn = MALLORY;
    const attacker = new Browser();
    const answer = await stopAtAnswer(attacker, connected);
    await stopAtAnswer(browser, connected);
    await expectRefused(await postForm(browser, answer), 'flow_unknown');
    expect((await postForm(attacker, answer)).status).toBe(200);
  });

  it('is refused: an answer that nobody asked for', async () => {
    const { fields } = formOf(await stopAtAnswer(browser, connected));
    const page = await browser.visit(`${connected.address}/acs`, {
      form: { SAMLResponse: fields['SAMLResponse'] ?? '' },
    });
    await expectRefused(page, 'unsolicited');
  });
});

describe('RelayState and returnTo', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/%0d%0aSet-Cookie:x',
  ])('never lead to another place: %s', async (target) => {
    const page = await signIn(world, browser, connected, ADA, `?returnTo=${encodeURIComponent(target)}`);
    expect(new URL(page.url).origin).toBe(server().baseUrl);
  });

  it.each([
    ['an address', 'https://evil.example/'],
    ['a state of nobody', 'A'.repeat(43)],
    ['far too long', 'A'.repeat(3_000)],
    ['empty', ''],
  ])('of somebody else is refused: %s', async (_case, RelayState) => {
    const answer = await stopAtAnswer(browser, connected);
    const page = await postForm(browser, answer, { RelayState });
    expect(page.status).toBe(403);
    expect(await whoIs(world, browser)).toBeUndefined();
  });

  it('given twice is refused, and so is a second answer', async () => {
    const { fields } = formOf(await stopAtAnswer(browser, connected));
    for (const name of ['RelayState', 'SAMLResponse']) {
      const body = new URLSearchParams(fields);
      body.append(name, fields[name] ?? '');
      const response = await fetch(`${connected.address}/acs`, {
        method: 'POST',
        body,
        headers: { cookie: `rollcall-saml=${browser.cookie(connected.address, 'rollcall-saml')!}` },
      });
      expect(response.status).toBe(403);
    }
  });
});

describe('claims that are signed, and still not believed', () => {
  it('refuses an e-mail address outside the verified domains, and makes no account of it', async () => {
    const person = { nameId: 'eve-1', attributes: { email: 'ceo@another.example' } };
    await expectRefused(await signIn(world, browser, connected, person), 'domain_not_verified');
    expect(await countOf('ceo@another.example')).toBe(0);
  });

  it("refuses a subject whose names have become somebody else's", async () => {
    const first = idpPerson('subject-1', {
      nameId: 'subject-1',
      attributes: { email: 'subject-1@example.com' },
    });
    await signIn(world, new Browser(), connected, first);
    const other = idpPerson('subject-2', {
      nameId: 'subject-2',
      attributes: { email: 'subject-1@example.com' },
    });
    await expectRefused(await signIn(world, browser, connected, other), 'link_refused');
  });

  it('refuses to link an account that another domain verifies', async () => {
    const unverified = await connect(world, organization);
    const person = idpPerson('root-admin', { nameId: 'anything', attributes: { email: VICTIM } });
    await expectRefused(await signIn(world, browser, unverified, person), 'link_refused');
  });

  it.each([
    ['in another case', 'ADA-CASE@EXAMPLE.COM', 'link_refused'],
    ['in full-width letters', 'ａda-case@example.com', 'link_refused'],
    ['with a zero-width space', 'a\u200bda-case@example.com', 'invalid_identity'],
  ])('refuses a user name of somebody else %s (RFC 8265 3.3)', async (_case, userName, reason) => {
    await signIn(world, new Browser(), connected, person('ada-case', 'ada-case@example.com'));
    await expectRefused(await signIn(world, browser, connected, person(`not-${userName}`, userName)), reason);
  });

  it.each([
    ['a Cyrillic letter', 'аda-case@example.com'],
    ['a combining mark', 'a\u0301da-case@example.com'],
  ])('keeps a user name that looks like another one by %s apart', async (_case, userName) => {
    const owner = new Browser();
    await signIn(world, owner, connected, person('ada-case', 'ada-case@example.com'));
    await signIn(world, browser, connected, person(`not-${userName}`, userName));
    expect((await whoIs(world, browser))?.userId).not.toBe((await whoIs(world, owner))?.userId);
  });

  it('never revives somebody who is deactivated', async () => {
    await signIn(world, browser, connected, person('leaver', 'leaver@example.com'));
    const { userId } = (await whoIs(world, browser))!;
    await organization.scim.patch(`/Users/${userId}`, deactivation());
    expect(await whoIs(world, browser)).toBeUndefined();
    await expectRefused(
      await signIn(world, browser, connected, person('leaver', 'leaver@example.com')),
      'deactivated',
    );
  });

  const person = (nameId: string, email: string): ReturnType<typeof idpPerson> => ({
    nameId,
    attributes: { email, userName: email },
  });
  const deactivation = (): object => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  });
  const countOf = async (email: string): Promise<number> => {
    const filter = encodeURIComponent(`emails.value eq "${email}"`);
    return Number((await organization.scim.get(`/Users?filter=${filter}`)).body.totalResults);
  };
});
