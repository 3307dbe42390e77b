import { describe, expect, it } from '@jest/globals';
import { browserCookie, sessionCookie } from '../../../src/http/index.js';

const requestWith = (cookie?: string) => ({ headers: cookie === undefined ? {} : { cookie } });

describe('the session cookie', () => {
  it('is bound to the host, over TLS only, out of reach of scripts and of other sites (RFC 6265bis 4.1.3.2)', () => {
    const cookie = sessionCookie(true);
    expect(cookie.write('secret', 60)).toBe(
      '__Host-rollcall=secret; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
    expect(cookie.clear()).toBe('__Host-rollcall=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax');
  });

  it('has no prefix on plain HTTP, where browsers would drop it', () => {
    expect(sessionCookie(false).write('secret')).toBe('rollcall=secret; Path=/; HttpOnly; SameSite=Lax');
  });

  it('is read by its own name alone: a sibling host cannot stand in for it', () => {
    const cookie = sessionCookie(true);
    expect(cookie.read(requestWith('a=b; __Host-rollcall=secret; c=d'))).toBe('secret');
    for (const header of [
      undefined,
      '',
      'rollcall=secret',
      '__host-rollcall=x',
      'x__Host-rollcall=x',
      '=',
      ';;;',
    ])
      expect(cookie.read(requestWith(header))).toBeUndefined();
  });

  it('is taken for what it is when its name is one of Object.prototype', () => {
    const cookie = browserCookie({ name: 'constructor', isHttps: false });
    expect(cookie.read(requestWith('a=b'))).toBeUndefined();
  });
});

describe('a cookie for the post of an identity provider', () => {
  it('goes along from other sites over TLS, and is Lax where browsers refuse that', () => {
    const name = 'flow';
    expect(browserCookie({ name, isHttps: true, sameSite: 'none' }).write('x')).toContain('SameSite=None');
    expect(browserCookie({ name, isHttps: false, sameSite: 'none' }).write('x')).toContain('SameSite=Lax');
  });
});
