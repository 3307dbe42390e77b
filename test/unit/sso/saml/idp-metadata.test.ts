import { describe, expect, it } from '@jest/globals';
import type { SamlConnection } from '../../../../src/directory/sign-on/sso-connection.js';
import { samlSettings } from '../../../../src/directory/sign-on/saml-presets.js';
import { OutboundError, type OutboundFetch } from '../../../../src/http/index.js';
import { createLogger } from '../../../../src/observability/index.js';
import { IdpMetadataDirectory, IdpMetadataReader } from '../../../../src/sso/saml/index.js';
import { parseIdpMetadata } from '../../../../src/sso/saml/metadata/parse-idp-metadata.js';
import { keyOf } from '../../../support/saml/fixture-world.js';
import { testClock } from '../../../support/clock.js';

const base64Of = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');
const certificate = base64Of(keyOf('idp').certificate);
const ENTITY_ID = 'https://idp.example.com/saml';
const URL_OF_METADATA = 'https://idp.example.com/metadata';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Parts {
  readonly entityId?: string;
  readonly keys?: string;
  readonly services?: string;
  readonly protocol?: string;
}

const key = (value: string, use = ' use="signing"'): string =>
  `<KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${value}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
const service = (name: string, location: string, binding = 'HTTP-Redirect'): string =>
  `<${name} Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${location}"/>`;
const SSO = service('SingleSignOnService', 'https://idp.example.com/sso?a=1&amp;b=2');

const entity = (parts: Parts = {}): string =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${parts.entityId ?? ENTITY_ID}">` +
  `<IDPSSODescriptor protocolSupportEnumeration="${parts.protocol ?? 'urn:oasis:names:tc:SAML:2.0:protocol'}">` +
  `${parts.keys ?? key(certificate)}${parts.services ?? SSO}</IDPSSODescriptor></EntityDescriptor>`;

describe('the metadata of an identity provider (SAML metadata 2.4.3)', () => {
  it('gives entityID, addresses of the HTTP-Redirect binding, and signing certificates', () => {
    const next = base64Of(keyOf('idp-next').certificate);
    const services =
      service('SingleLogoutService', 'https://idp.example.com/slo') +
      service('SingleSignOnService', 'https://idp.example.com/post', 'HTTP-POST') +
      SSO;
    const keys = key(certificate) + key(next, '') + key(certificate, ' use="encryption"');
    expect(parseIdpMetadata(entity({ services, keys }))).toEqual({
      ok: true,
      value: {
        entityId: ENTITY_ID,
        entryPoint: 'https://idp.example.com/sso?a=1&b=2',
        logoutUrl: 'https://idp.example.com/slo',
        certificates: [keyOf('idp').certificate, keyOf('idp-next').certificate],
      },
    });
  });

  it('may have comments, a byte order mark, and other roles beside', () => {
    const other = '<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/>';
    const xml = `\ufeff<?xml version="1.0"?><!-- made by hand -->${entity().replace('<IDPSSO', `<!-- a -->${other}<IDPSSO`)}<!-- end -->`;
    expect(parseIdpMetadata(xml).ok).toBe(true);
  });

  it('may be the one identity provider of a list', () => {
    const list = `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${entity()}</EntitiesDescriptor>`;
    expect(parseIdpMetadata(list).ok).toBe(true);
    expect(parseIdpMetadata(list.replace('</Entities', `${entity()}</Entities`))).toMatchObject({
      ok: false,
    });
  });

  it.each([
    ['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${entity()}`],
    ['no XML', 'hello'],
    ['another document', '<html/>'],
    ['no entityID', entity({ entityId: '' })],
    ['SAML 1.1 only', entity({ protocol: 'urn:oasis:names:tc:SAML:1.1:protocol' })],
    ['no certificate', entity({ keys: '' })],
    ['a certificate that is none', entity({ keys: key('AAAA') })],
    ['no address', entity({ services: '' })],
    [
      'an address that is no web address',
      entity({ services: service('SingleSignOnService', 'javascript:alert(1)') }),
    ],
    [
      'an address without TLS',
      entity({ services: service('SingleSignOnService', 'http://idp.example.com/sso') }),
    ],
  ])('is refused with %s', (_case, xml) => {
    expect(parseIdpMetadata(xml).ok).toBe(false);
  });
});

describe('what is known of an identity provider', () => {
  const clock = testClock();
  const world = (
    answers: (string | undefined)[],
  ): { directory: IdpMetadataDirectory; count: () => number } => {
    let count = 0;
    const fetch: OutboundFetch = () => {
      count += 1;
      const answer = answers.shift();
      return answer === undefined
        ? Promise.reject(new OutboundError('unreachable', 'idp.example.com'))
        : Promise.resolve(new Response(answer));
    };
    const reader = new IdpMetadataReader(fetch);
    return {
      directory: new IdpMetadataDirectory({ reader, clock, logger: createLogger('silent') }),
      count: () => count,
    };
  };
  const connection = {
    id: 'connection',
    settings: samlSettings('custom', {
      idpEntityId: ENTITY_ID,
      entryPoint: 'https://stored.example.com/sso',
      metadataUrl: URL_OF_METADATA,
    }),
  } as SamlConnection;
  const entryPointOf = async (directory: IdpMetadataDirectory): Promise<string> =>
    new URL((await directory.find(connection)).entryPoint).host;

  it('is the metadata, and what is stored while it cannot be fetched; at most one try a minute', async () => {
    const { directory, count } = world([undefined, undefined, entity()]);
    expect(await entryPointOf(directory)).toBe('stored.example.com');
    expect(await entryPointOf(directory)).toBe('stored.example.com');
    expect(count()).toBe(1);
    clock.advance(MINUTE);
    expect(await entryPointOf(directory)).toBe('stored.example.com');
    clock.advance(MINUTE);
    expect(await entryPointOf(directory)).toBe('idp.example.com');
    expect(count()).toBe(3);
  });

  it('stays for a day when it cannot be fetched again', async () => {
    const { directory } = world([entity()]);
    expect(await entryPointOf(directory)).toBe('idp.example.com');
    clock.advance(23 * HOUR);
    expect(await entryPointOf(directory)).toBe('idp.example.com');
    clock.advance(2 * HOUR);
    expect(await entryPointOf(directory)).toBe('stored.example.com');
  });

  it('is never the metadata of another entityID', async () => {
    const { directory } = world([entity({ entityId: 'https://evil.example.com' })]);
    expect(await entryPointOf(directory)).toBe('stored.example.com');
  });

  it('is fetched once by many sign-ins at a time', async () => {
    const { directory, count } = world([entity(), entity()]);
    await Promise.all([entryPointOf(directory), entryPointOf(directory), entryPointOf(directory)]);
    expect(count()).toBe(1);
  });
});
