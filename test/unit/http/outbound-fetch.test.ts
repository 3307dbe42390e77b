import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { classifyAddress } from '../../../src/http/outbound-address.js';
import {
  createOutboundFetch,
  isOutboundUrl,
  type OutboundPolicy,
  type OutboundProblem,
} from '../../../src/http/index.js';

const TRYING_OUT: OutboundPolicy = {
  allowsLoopback: true,
  allowsPrivate: true,
  maxBytes: 1_000,
  timeoutMs: 5_000,
};
const PRODUCTION: OutboundPolicy = { ...TRYING_OUT, allowsLoopback: false };
const CLOSED: OutboundPolicy = { ...PRODUCTION, allowsPrivate: false };

describe('classifyAddress', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['169.254.169.254', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['::', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['64:ff9b::7f00:1', 'forbidden'],
    ['2002:7f00:1::', 'forbidden'],
    ['localhost', 'forbidden'],
    ['', 'forbidden'],
  ])('takes %s for %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });
});

describe('isOutboundUrl', () => {
  it.each([
    ['https://idp.example.com/x', PRODUCTION, true],
    ['http://idp.example.com/x', TRYING_OUT, false],
    ['http://localhost:3000/', TRYING_OUT, true],
    ['http://127.0.0.1:3000/', TRYING_OUT, true],
    ['http://[::1]:3000/', TRYING_OUT, true],
    ['http://localhost:3000/', PRODUCTION, false],
    ['http://localhost.evil.example/', TRYING_OUT, false],
    ['https://user:password@idp.example.com/', PRODUCTION, false],
    ['file:///etc/passwd', TRYING_OUT, false],
    ['javascript:alert(1)', TRYING_OUT, false],
    ['idp.example.com', PRODUCTION, false],
  ])('%s', (url, policy, expected) => {
    expect(isOutboundUrl(url, policy)).toBe(expected);
  });
});

describe('createOutboundFetch', () => {
  let server: Server;
  let base: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      switch (request.url) {
        case '/json':
          response.setHeader('Content-Type', 'application/json');
          response.end(JSON.stringify({ method: request.method }));
          return;
        case '/echo':
          request.pipe(response);
          return;
        case '/redirect':
          response.writeHead(302, { Location: '/json' }).end();
          return;
        case '/empty':
          response.writeHead(204).end();
          return;
        case '/large':
          response.end('x'.repeat(2_000));
          return;
        case '/gzip':
          response.setHeader('Content-Encoding', 'gzip');
          response.end('x');
          return;
        default:
          return;
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const problemOf = async (policy: OutboundPolicy, url: string): Promise<OutboundProblem | undefined> => {
    try {
      await createOutboundFetch(policy)(url);
      return undefined;
    } catch (error) {
      return (error as { problem: OutboundProblem }).problem;
    }
  };

  it('answers like fetch', async () => {
    const response = await createOutboundFetch(TRYING_OUT)(`${base}/json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ method: 'GET' });
  });

  it('sends a form', async () => {
    const body = new URLSearchParams({ code: 'ä b' });
    const response = await createOutboundFetch(TRYING_OUT)(`${base}/echo`, { method: 'POST', body });
    expect(await response.text()).toBe('code=%C3%A4+b');
  });

  it('resolves names, and connects to what it checked', async () => {
    const response = await createOutboundFetch(TRYING_OUT)(`${base.replace('127.0.0.1', 'localhost')}/json`);
    expect(response.status).toBe(200);
  });

  it('hands redirects back instead of following them', async () => {
    expect((await createOutboundFetch(TRYING_OUT)(`${base}/redirect`)).status).toBe(302);
  });

  it('takes an answer without a body', async () => {
    expect((await createOutboundFetch(TRYING_OUT)(`${base}/empty`)).status).toBe(204);
  });

  it('stops at the cap', async () => {
    expect(await problemOf(TRYING_OUT, `${base}/large`)).toBe('too_large');
  });

  it('stops when the time is over', async () => {
    expect(await problemOf({ ...TRYING_OUT, timeoutMs: 50 }, `${base}/silent`)).toBe('timeout');
  });

  it('takes no compressed answers, whose size could not be told', async () => {
    expect(await problemOf(TRYING_OUT, `${base}/gzip`)).toBe('unsupported_encoding');
  });

  it('ends with the signal of the caller', async () => {
    const request = createOutboundFetch(TRYING_OUT)(`${base}/silent`, { signal: AbortSignal.abort() });
    await expect(request).rejects.toThrow('aborted');
  });

  it.each([
    ['https://127.0.0.1/', PRODUCTION, 'forbidden_address'],
    ['https://localhost/', PRODUCTION, 'forbidden_address'],
    ['https://[::ffff:127.0.0.1]/', PRODUCTION, 'forbidden_address'],
    ['https://2130706433/', PRODUCTION, 'forbidden_address'],
    ['https://0x7f.1/', PRODUCTION, 'forbidden_address'],
    ['https://169.254.169.254/latest/meta-data/', TRYING_OUT, 'forbidden_address'],
    ['https://10.0.0.1/', CLOSED, 'forbidden_address'],
    ['http://idp.example.com/', TRYING_OUT, 'forbidden_url'],
    ['nonsense', TRYING_OUT, 'forbidden_url'],
  ])('refuses %s', async (url, policy, problem) => {
    expect(await problemOf(policy, url)).toBe(problem);
  });

  it('says unreachable where nobody listens', async () => {
    expect(await problemOf(TRYING_OUT, 'http://127.0.0.1:1/')).toBe('unreachable');
  });
});
