import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { messageClasses } from '../../../src/http/express-messages.js';

const answerOf = async (server: Server): Promise<unknown> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const answer: unknown = await response.json();
  server.close();
  return answer;
};

describe('the messages of a server', () => {
  it('arrive at an Express application with the prototypes it would give them', async () => {
    const app = express();
    app.get('/', (request, response) => {
      response.json({ app: request.app === app, host: request.hostname });
    });
    const seen: boolean[] = [];
    const server = createServer(messageClasses(app), (request, response) => {
      seen.push(Object.getPrototypeOf(request) === app.request);
      seen.push(Object.getPrototypeOf(response) === app.response);
      app(request, response);
    });
    await expect(answerOf(server)).resolves.toEqual({ app: true, host: '127.0.0.1' });
    expect(seen).toEqual([true, true]);
  });

  it('are those of Node for any other handler', () => {
    expect(messageClasses(() => undefined)).toEqual({});
  });
});
