import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { describe, expect, it } from '@jest/globals';
import { AttemptLimiter, createClientAddress, listen } from '../../../../src/http/index.js';
import { systemClock } from '../../../../src/kernel/clock.js';
import { createLogger, createMetrics } from '../../../../src/observability/index.js';
import { createWebRouter } from '../../../../src/web/index.js';
import { ScimClient } from '../../../support/scim-client.js';
import type { Contract } from '../support/contract.js';
import { operation } from '../support/operation.js';
import { optionsOf, sampleOf } from '../support/sample-request.js';
import { useWorlds } from '../support/use-world.js';

const FORM = 'application/x-www-form-urlencoded';

/** What the token endpoint and the pages refuse. */
export const describeForms = (contract: Contract): void =>
  describe('what the token endpoint and the pages refuse is answered as declared', () => {
    const worlds = useWorlds();
    const send = (method: string, path: string, raw?: string, headers: Record<string, string> = {}) =>
      contract.through(new ScimClient(worlds.server.baseUrl, undefined))(method, path, {
        headers,
        ...(raw === undefined ? {} : { raw, headers: { 'content-type': FORM, ...headers } }),
      });

    it.each([
      ['a parameter twice', 'grant_type=a&grant_type=b', {}, 400],
      ['no client', 'grant_type=client_credentials', {}, 401],
      ['a wrong secret by HTTP Basic', 'grant_type=client_credentials', { authorization: 'Basic YTpi' }, 401],
      ['too large a body', `grant_type=${'x'.repeat(16_384)}`, {}, 413],
      ['a body of another type', '{}', { 'content-type': 'application/json' }, 415],
    ] as const)('/oauth/token with %s (RFC 6749 5.2)', async (_, body, headers, status) => {
      expect((await send('POST', '/oauth/token', body, headers)).status).toBe(status);
    });

    it('/oauth/token by GET is 405 (RFC 9110 15.5.6)', async () => {
      expect((await send('GET', '/oauth/token')).status).toBe(405);
    });

    it('a set-up link that is wrong is 403', async () => {
      expect((await send('GET', '/setup?token=wrong')).status).toBe(403);
      expect((await send('POST', '/setup', 'token=wrong')).status).toBe(403);
    });

    it.each([
      ['too large', `token=${'x'.repeat(16_384)}`, FORM, 413],
      ['no form', '{}', 'application/json', 415],
    ] as const)('a set-up form that is %s', async (_, body, contentType, status) => {
      expect((await send('POST', '/setup', body, { 'content-type': contentType })).status).toBe(status);
    });

    it('a set-up form with two passwords is shown again', async () => {
      const { raw } = optionsOf(sampleOf(operation('completeSetup')), worlds.shared);
      const form = new URLSearchParams(String(raw));
      form.set('passwordAgain', 'another long password');
      expect((await send('POST', '/setup', form.toString())).status).toBe(422);
    });

    it('a guide that does not exist is 404', async () => {
      expect((await send('GET', '/guides/nothing')).status).toBe(404);
    });

    it('an error that does not exist is 404', async () => {
      expect((await send('GET', '/problems/nothing')).status).toBe(404);
    });

    it('an installation without documents says so', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'rollcall-openapi-'));
      const router = createWebRouter({
        setup: worlds.server.services.setup,
        sessions: worlds.server.services.sessions,
        attempts: new AttemptLimiter(systemClock),
        clientAddress: createClientAddress(false),
        clock: systemClock,
        publicUrl: worlds.server.baseUrl,
        databaseKind: 'pglite',
        installation: { version: '0', directory },
        metrics: createMetrics(),
        logger: createLogger('silent'),
      });
      const server = await listen(express().use(router), { host: '127.0.0.1', port: 0 });
      const bare = contract.through(new ScimClient(`http://127.0.0.1:${server.port}`, undefined));
      try {
        expect((await bare('GET', '/openapi.yaml')).status).toBe(404);
        expect((await bare('GET', '/guides/okta')).status).toBe(404);
      } finally {
        await server.close(0);
        rmSync(directory, { recursive: true });
      }
    });

    it('too many wrong set-up links are 429 (RFC 6585 4)', async () => {
      const guess = async (method: string, raw?: string): Promise<number> => {
        let status = 403;
        for (let count = 0; count < 200 && status === 403; count += 1)
          ({ status } = await send(method, '/setup?token=wrong', raw));
        return status;
      };
      expect(await guess('GET')).toBe(429);
      expect(await guess('POST', 'token=wrong')).toBe(429);
    });
  });
