import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { FORM_TOKEN_FIELD, FormGuard } from '../../../src/http/index.js';

const ORIGIN = 'https://rollcall.example.com';
const options = { secretKey: 'a secret key of thirty-two characters', origin: ORIGIN, isHttps: true };
const guard = new FormGuard(options);

const request = (headers: IncomingHttpHeaders) => ({ headers });
const formWith = (token: string): URLSearchParams => new URLSearchParams({ [FORM_TOKEN_FIELD]: token });

/** A browser that has opened a page with a form: its cookie and the token of the form. */
function open(): { readonly cookie: string; readonly token: string } {
  const { token, cookies } = guard.issue(request({}));
  return { cookie: cookies[0]?.split(';')[0] ?? '', token };
}

describe('a form (CWE-352)', () => {
  it('is taken from the browser it was given to', () => {
    const { cookie, token } = open();
    expect(guard.accepts(request({ cookie }), formWith(token))).toBe(true);
    expect(guard.issue(request({ cookie }))).toEqual({ token, cookies: [] });
  });

  it('is refused without its token, without the cookie, and with those of another browser', () => {
    const [mine, other] = [open(), open()];
    expect(guard.accepts(request({ cookie: mine.cookie }), new URLSearchParams())).toBe(false);
    expect(guard.accepts(request({ cookie: mine.cookie }), formWith(''))).toBe(false);
    expect(guard.accepts(request({}), formWith(mine.token))).toBe(false);
    expect(guard.accepts(request({ cookie: mine.cookie }), formWith(other.token))).toBe(false);
  });

  it('is refused with a cookie that this server has not signed', () => {
    for (const value of ['', '.', 'x', 'x.y', `${'x'.repeat(43)}.${'y'.repeat(43)}`]) {
      const cookie = `__Host-rollcall-form=${value}`;
      const { token } = guard.issue(request({ cookie }));
      expect(guard.accepts(request({ cookie }), formWith(token))).toBe(false);
    }
  });

  it('is bound to the session once there is one', () => {
    const { cookie, token } = open();
    const signedIn = `${cookie}; __Host-rollcall=rs_one`;
    expect(guard.accepts(request({ cookie: signedIn }), formWith(token))).toBe(false);
    const inside = guard.issue(request({ cookie: signedIn }));
    expect(inside.cookies).toEqual([]);
    expect(guard.accepts(request({ cookie: signedIn }), formWith(inside.token))).toBe(true);
    const another = '__Host-rollcall=rs_two';
    expect(guard.accepts(request({ cookie: another }), formWith(inside.token))).toBe(false);
  });

  it('is refused when another server key signed it', () => {
    const { cookie, token } = open();
    const elsewhere = new FormGuard({ ...options, secretKey: 'another secret key, also long enough' });
    expect(elsewhere.accepts(request({ cookie }), formWith(token))).toBe(false);
  });

  it.each<readonly [IncomingHttpHeaders, boolean]>([
    [{}, true],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: ORIGIN }, false],
    [{ origin: ORIGIN }, true],
    [{ origin: 'null' }, false],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: `${ORIGIN}.evil.example` }, false],
    [{ origin: 'http://rollcall.example.com' }, false],
  ])('from where the browser says %j: %s', (headers, isAccepted) => {
    const { cookie, token } = open();
    expect(guard.accepts(request({ cookie, ...headers }), formWith(token))).toBe(isAccepted);
  });
});
