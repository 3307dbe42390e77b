import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/kernel/json.js';
import { ClientRecogniser, type ClientSigns } from '../../../../src/scim/log/recognise-client.js';
import { CLIENT_HEADERS } from '../../../conformance/idp/client-headers.js';
import { PATCH_OP } from '../../../conformance/rfc/support/urns.js';

const signs = (more: Partial<ClientSigns> = {}): ClientSigns => ({
  connectionId: 'c',
  userAgent: 'node',
  search: '',
  body: undefined,
  ...more,
});

const recognise = (more: Partial<ClientSigns>) => new ClientRecogniser().recognise(signs(more));

const patch = (op: string): JsonObject => ({ schemas: [PATCH_OP], Operations: [{ op, path: 'title' }] });

describe('the client behind a request', () => {
  it.each(['okta', 'google', 'onelogin', 'ping'])('%s is known by its user agent', (client) => {
    expect(recognise({ userAgent: CLIENT_HEADERS[client]?.always['User-Agent'] })).toBe(client);
  });

  it.each(['curl/8.7.1', 'python-requests/2.32', 'PostmanRuntime/7.43.0'])('%s is a script', (userAgent) => {
    expect(recognise({ userAgent })).toBe('script');
  });

  it.each([
    ['the flag in its address', { search: '?filter=x&aadOptscim062020' }],
    ['capitals in a PATCH', { body: patch('Replace') }],
    [
      "a schema of Microsoft's",
      { body: { schemas: ['http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'] } },
    ],
  ])('Entra is known by %s', (_sign, more) => {
    expect(recognise({ userAgent: undefined, ...more })).toBe('entra');
  });

  it('is unknown otherwise: RFC 7644 writes the names of operations small', () => {
    expect(recognise({ body: patch('replace') })).toBe('unknown');
    expect(recognise({ userAgent: undefined })).toBe('unknown');
    expect(recognise({ body: { Operations: 'Replace' } })).toBe('unknown');
  });

  it('stays Entra for the connection on which it was seen, and no other', () => {
    const clients = new ClientRecogniser();
    clients.recognise(signs({ body: patch('Add') }));
    expect(clients.recognise(signs())).toBe('entra');
    expect(clients.recognise(signs({ connectionId: 'other' }))).toBe('unknown');
    expect(clients.recognise(signs({ userAgent: 'curl/8' }))).toBe('script');
  });
});
