import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send } from './send.js';

let echo: Server;
let address: string;
beforeAll(async () => {
  echo = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      response.writeHead(207, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ url: request.url, headers: request.rawHeaders, body }));
    });
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => echo.close(resolve)));

it('sends the headers it is given, an empty one too, and besides them only what HTTP needs', async () => {
  const reply = await send({
    method: 'PATCH',
    url: `http://${address}//Users?flag&filter=a+eq+%22b%22`,
    headers: { 'User-Agent': '', 'Content-Type': 'application/json' },
    body: '{}',
  });
  expect(reply.status).toBe(207);
  expect(reply.headers.get('content-type')).toBe('application/json');
  expect(reply.body.url).toBe('//Users?flag&filter=a+eq+%22b%22');
  expect(reply.body.body).toBe('{}');
  const sent = reply.body.headers.filter((_: string, index: number) => index % 2 === 0);
  expect(sent.sort()).toEqual(['Connection', 'Content-Length', 'Content-Type', 'Host', 'User-Agent']);
});

it('sends neither Accept nor User-Agent nor Content-Type unasked', async () => {
  const reply = await send({ method: 'GET', url: `http://${address}/`, headers: {}, body: undefined });
  expect(reply.body.headers).toEqual(['Host', address, 'Connection', 'keep-alive']);
});
