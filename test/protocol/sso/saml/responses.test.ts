import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Result } from '../../../../src/kernel/result.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import type { SamlRefusal } from '../../../../src/sso/saml/verify/saml-refusal.js';
import type { VerificationSettings } from '../../../../src/sso/saml/verify/verification-settings.js';
import type { VerifiedAssertion } from '../../../../src/sso/saml/verify/verified-assertion.js';
import { verifySamlResponse } from '../../../../src/sso/saml/verify/verify-saml-response.js';
import { buildResponse, type ResponseParts } from '../../../support/saml/build-response.js';
import { encryptAssertion, encryptResponse } from '../../../support/saml/encrypt-assertion.js';
import {
  ACS_URL,
  ENTITY_ID,
  FIXTURES,
  ISSUER,
  keyOf,
  NOW,
  REQUEST_ID,
  SETTINGS,
} from '../../../support/saml/fixture-world.js';
import { pathOfCase, readFixtures } from '../../../support/saml/read-fixtures.js';
import { RESPONSE_CASES } from '../../../support/saml/response-cases.js';
import { signElement } from '../../../support/saml/sign-xml.js';

type Verdict = Result<VerifiedAssertion, SamlRefusal>;

const verify = (xml: string, settings: Partial<VerificationSettings> = {}): Promise<Verdict> =>
  verifySamlResponse(Buffer.from(xml).toString('base64'), {
    settings: { ...SETTINGS, ...settings },
    now: NOW,
    requestId: REQUEST_ID,
  });
const codeOf = (verdict: Verdict): string => (verdict.ok ? 'valid' : verdict.error.code);
const build = (parts: Partial<ResponseParts> = {}): string =>
  buildResponse({
    issuer: ISSUER,
    entityId: ENTITY_ID,
    acsUrl: ACS_URL,
    now: NOW,
    requestId: REQUEST_ID,
    ...parts,
  });
const idp = keyOf('idp');
const sp = keyOf('sp');
const signed = (parts: Partial<ResponseParts> = {}): string => signElement(build(parts), 'Assertion', idp);

describe('stored responses', () => {
  it.each(readFixtures('valid'))('believes $path', async ({ xml }) => {
    const verdict = await verify(xml);
    expect(codeOf(verdict)).toBe('valid');
    if (verdict.ok) expect(verdict.value).toMatchObject({ id: '_assertion-1', subject: 'ada@example.com' });
  });

  it.each(readFixtures('invalid'))('refuses $path', async ({ path, xml }) => {
    expect(codeOf(await verify(xml))).toBe(path.split('/')[1]);
  });

  it('are those the cases make', () => {
    const stored = [...readFixtures('invalid'), ...readFixtures('valid')];
    expect(stored.map(({ path }) => path)).toEqual(RESPONSE_CASES.map(pathOfCase).sort());
    for (const one of RESPONSE_CASES)
      expect(readFileSync(join(FIXTURES, pathOfCase(one)), 'utf8')).toBe(one.xml);
  });
});

describe('signatures by settings', () => {
  const responseSigned = signElement(build(), 'Response', idp);
  const onlyResponse = { wantAssertionSigned: false, wantResponseSigned: true };

  it('takes a signed response where the connection wants that, and reads from its signed bytes', async () => {
    expect(await verify(responseSigned, onlyResponse)).toMatchObject({
      ok: true,
      value: { subject: 'ada@example.com' },
    });
  });

  it.each([
    ['only the response is signed', responseSigned, { wantAssertionSigned: true }],
    ['only the assertion is signed', signed(), onlyResponse],
    ['both are wanted and one is there', signed(), { wantResponseSigned: true }],
    ['nothing is wanted, by mistake', build(), { wantAssertionSigned: false, wantResponseSigned: false }],
  ])('refuses when %s', async (_case, xml, settings) => {
    expect(codeOf(await verify(xml, settings))).toBe('signature_missing');
  });

  it('refuses a change of the assertion under a signed response', async () => {
    const changed = responseSigned.replace(
      '>ada@example.com</saml:NameID>',
      '>eve@example.com</saml:NameID>',
    );
    expect(codeOf(await verify(changed, onlyResponse))).toBe('signature_invalid');
  });

  it('refuses a certificate that has been taken off the connection', async () => {
    const certificates = [keyOf('idp-next').certificate];
    expect(codeOf(await verify(signed(), { certificates }))).toBe('signature_invalid');
  });
});

describe('encrypted assertions (SAML core 2.3.4)', () => {
  it.each(['aes256-gcm', 'aes128-gcm', 'aes256-cbc', 'aes128-cbc'] as const)(
    'takes one that was signed and then encrypted by %s',
    async (method) => {
      const verdict = await verify(encryptResponse(signed(), sp.certificate, { method }), {
        wantAssertionEncrypted: true,
      });
      expect(verdict).toMatchObject({ ok: true, value: { subject: 'ada@example.com', id: '_assertion-1' } });
    },
  );

  it('takes one under a signed response', async () => {
    const xml = signElement(encryptResponse(build(), sp.certificate), 'Response', idp);
    const verdict = await verify(xml, { wantAssertionSigned: false, wantResponseSigned: true });
    expect(verdict).toMatchObject({ ok: true, value: { subject: 'ada@example.com' } });
  });

  const DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>';
  it.each([
    ['not_encrypted', 'is not encrypted though it has to be', signed(), { wantAssertionEncrypted: true }],
    ['signature_missing', 'is not signed inside', encryptResponse(build(), sp.certificate), {}],
    [
      'signature_invalid',
      'is signed inside by a stranger',
      encryptResponse(signElement(build(), 'Assertion', keyOf('stranger')), sp.certificate),
      {},
    ],
    ['decryption_failed', 'is for another key', encryptResponse(signed(), idp.certificate), {}],
    [
      'decryption_failed',
      'comes to a connection without a key',
      encryptResponse(signed(), sp.certificate),
      { decryptionKey: undefined },
    ],
    [
      'weak_algorithm',
      'has its key under PKCS #1 v1.5',
      encryptResponse(signed(), sp.certificate, { keyTransport: 'rsa-1_5' }),
      {},
    ],
    [
      'decryption_failed',
      'hides a document type',
      encryptResponse(
        build().replace(
          /<saml:Assertion .*<\/saml:Assertion>/s,
          () => `<saml:Assertion ${DOCTYPE}</saml:Assertion>`,
        ),
        sp.certificate,
      ),
      {},
    ],
    [
      'several_assertions',
      'is one of two',
      signed().replace('</samlp:Response>', `${encryptAssertion('<x/>', sp.certificate)}</samlp:Response>`),
      {},
    ],
    [
      'signature_malformed',
      'wraps another one inside',
      encryptResponse(signed().replace('URI="#_assertion-1"', 'URI="#_response-1"'), sp.certificate),
      {},
    ],
  ] as const)('refuses as %s one that %s', async (code, _case, xml, settings) => {
    expect(codeOf(await verify(xml, settings))).toBe(code);
  });

  it('refuses one that is not UTF-8 inside, even where nothing is signed', async () => {
    const changed = signed().replace('<ds:X509Certificate>', '<ds:X509Certificate>\ufffd');
    expect(changed).not.toBe(signed());
    expect(codeOf(await verify(encryptResponse(changed, sp.certificate)))).toBe('decryption_failed');
  });

  it.each([0, 30, 400, 2_000])('refuses one with a change at character %i of the cipher text', async (at) => {
    const xml = encryptResponse(signed(), sp.certificate, { method: 'aes256-cbc' });
    const data = [...xml.matchAll(/<xenc:CipherValue>([^<]*)</g)][1]?.[1] ?? '';
    const changed = data.slice(0, at) + (data[at] === 'A' ? 'B' : 'A') + data.slice(at + 1);
    expect(codeOf(await verify(xml.replace(data, changed)))).not.toBe('valid');
  });
});

describe('messages', () => {
  const settings = SETTINGS;
  const send = (message: string): Promise<Verdict> =>
    verifySamlResponse(message, { settings, now: NOW, requestId: REQUEST_ID });

  it('takes base64 in lines', async () => {
    const lines = Buffer.from(signed()).toString('base64').replace(/.{76}/g, '$&\r\n');
    expect(codeOf(await send(lines))).toBe('valid');
  });

  it.each([
    ['nothing', ''],
    ['text that is not base64', 'hello world!'],
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0xff, 0xfe]).toString('base64')],
    ['UTF-16', Buffer.from('\ufeff<a/>', 'utf16le').toString('base64')],
  ])('refuses %s as malformed', async (_case, message) => {
    expect(codeOf(await send(message))).toBe('malformed');
  });

  it('refuses more bytes than the limit before reading any', async () => {
    const padding = `<!-- ${'x'.repeat(LIMITS.samlMessageBytes)} -->`;
    expect(codeOf(await send(Buffer.from(padding + signed()).toString('base64')))).toBe('too_large');
  });

  it('refuses an answer to a request when nothing was asked (SAML profiles 4.1.5)', async () => {
    expect(
      codeOf(
        await verifySamlResponse(Buffer.from(signed()).toString('base64'), {
          settings,
          now: NOW,
          requestId: undefined,
        }),
      ),
    ).toBe('in_response_to_mismatch');
  });

  it('takes an unsolicited response when nothing was asked (SAML profiles 4.1.5)', async () => {
    const message = Buffer.from(signed({ requestId: undefined })).toString('base64');
    expect(codeOf(await verifySamlResponse(message, { settings, now: NOW, requestId: undefined }))).toBe(
      'valid',
    );
  });
});
