import { once } from 'node:events';
import { Agent, request as send, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { listen } from '../../../src/http/server.js';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const A_DAY = 86_400_000;

describe('the HTTP server', () => {
  it('rejects when the port is taken', async () => {
    const first = await listen((_, response) => response.end(), LOOPBACK);
    await expect(listen(() => undefined, { host: '127.0.0.1', port: first.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await first.close();
  });

  it('takes a request line of 32 KiB, which the filter limits allow', async () => {
    const server = await listen((request, response) => response.end(String(request.url?.length)), LOOPBACK);
    const response = await fetch(`http://127.0.0.1:${server.port}/?${'x'.repeat(32_000)}`);
    await expect(response.text()).resolves.toBe('32002');
    await server.close();
  });

  it('lets a request in flight finish, accepts no new connection, and tells the client to close', async () => {
    const server = await listen((_, response) => {
      void setTimeout(200).then(() => response.end('done'));
    }, LOOPBACK);
    const agent = new Agent({ keepAlive: true });
    const request = send({ port: server.port, agent });
    request.end();
    await setTimeout(50);
    const closed = server.close();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(Buffer.concat(await response.toArray()).toString()).toBe('done');
    await closed;
    await expect(fetch(`http://127.0.0.1:${server.port}`)).rejects.toThrow();
    agent.destroy();
  });

  it('does not wait for idle keep-alive connections', async () => {
    const server = await listen((_, response) => response.end('done'), LOOPBACK);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    await server.close(A_DAY);
    socket.destroy();
  });

  it('cuts off at the deadline what does not finish', async () => {
    const server = await listen(() => undefined, LOOPBACK);
    const request = send({ port: server.port });
    const failed = once(request, 'error');
    request.end();
    await setTimeout(50);
    const closed = server.close(100);
    expect(server.close()).toBe(closed);
    await closed;
    await failed;
  });
});
