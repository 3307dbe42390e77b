import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createClientAddress, type TrustedProxies } from '../../../src/http/client-address.js';

function addressOf(trusted: TrustedProxies, peer: string, forwarded?: string): string | undefined {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return createClientAddress(trusted)(request);
}

describe('the client address (the semantics of Express "trust proxy")', () => {
  it('is the peer when no proxy is trusted, whatever the header claims', () => {
    expect(addressOf(false, '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
  });

  it('is IPv4 in its own notation on a dual-stack socket', () => {
    expect(addressOf(false, '::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it.each([
    [1, '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    [1, '10.0.0.1', 'spoofed, 198.51.100.1, 203.0.113.9', '203.0.113.9'],
    [2, '10.0.0.1', '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    [5, '10.0.0.1', '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    [1, '10.0.0.1', undefined, '10.0.0.1'],
  ])('with %d proxies in front of %s and the header %j is %s', (hops, peer, forwarded, expected) => {
    expect(addressOf(hops, peer, forwarded)).toBe(expected);
  });

  it.each([
    [['loopback'], '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    [['loopback'], '::1', '2001:db8::7', '2001:db8::7'],
    [['loopback'], '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    [['uniquelocal'], '10.1.2.3', '203.0.113.9, 192.168.7.7', '203.0.113.9'],
    [['linklocal'], 'fe80::1%eth0', '203.0.113.9', '203.0.113.9'],
    [['192.0.2.0/24', '2001:db8::/32'], '192.0.2.77', '198.51.100.1, 2001:db8::5', '198.51.100.1'],
    [['192.0.2.1'], '192.0.2.1', '203.0.113.9', '203.0.113.9'],
    [['192.0.2.1'], '192.0.2.2', '203.0.113.9', '192.0.2.2'],
  ])('trusting %j, from %s with the header %j, is %s', (ranges, peer, forwarded, expected) => {
    expect(addressOf(ranges, peer, forwarded)).toBe(expected);
  });

  it('stops at what is not an address', () => {
    expect(addressOf(3, '10.0.0.1', '203.0.113.9, <script>, 10.0.0.2')).toBe('10.0.0.2');
    expect(addressOf(3, '10.0.0.1', ',,,')).toBe('10.0.0.1');
  });

  it('walks a hostile header to its end', () => {
    expect(addressOf(['loopback'], '127.0.0.1', '127.0.0.1,'.repeat(6_000))).toBe('127.0.0.1');
  });
});
