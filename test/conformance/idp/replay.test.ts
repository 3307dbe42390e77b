import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../../support/server.js';
import { CLIENT_HEADERS } from './client-headers.js';
import { readFixtures } from './fixture.js';
import { replay } from './replay.js';
import { send } from './send.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe('replays what each client sends', () => {
  it.each(
    readFixtures().map((entry) => ({
      ...entry,
      title: `${entry.client}: ${entry.fixture.name} (${entry.fixture.source})`,
    })),
  )('$title', async ({ client, fixture }) => {
    const headers = CLIENT_HEADERS[client];
    if (headers === undefined) throw new Error(`client-headers.ts does not know ${client}`);
    const organization = await server.organization(fixture.settings);
    const target = { baseUrl: server.baseUrl, token: organization.token, adminId: organization.adminId };
    expect(await replay(fixture, { ...target, client: headers, send })).toEqual([]);
  });
});
