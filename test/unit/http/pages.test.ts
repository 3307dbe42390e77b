import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { renderErrorPage } from '../../../src/http/error-page.js';
import { setBaseHeaders, setPageHeaders } from '../../../src/http/security-headers.js';

const response = () => new ServerResponse(new IncomingMessage(new Socket()));

describe('headers of a page', () => {
  it('allow no foreign or inline code, no frame, no referrer and no storing (CSP Level 3)', () => {
    const page = response();
    setPageHeaders(page, { isHttps: false });
    expect(page.getHeader('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(page.getHeader('content-security-policy')).not.toContain('unsafe');
    expect(page.getHeader('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.getHeader('referrer-policy')).toBe('no-referrer');
    expect(page.getHeader('cache-control')).toBe('no-store');
    expect(page.getHeader('x-content-type-options')).toBe('nosniff');
    expect(page.hasHeader('strict-transport-security')).toBe(false);
  });

  it('ask for TLS when clients come over TLS (RFC 6797)', () => {
    const page = response();
    setPageHeaders(page, { isHttps: true });
    expect(page.getHeader('strict-transport-security')).toMatch(/^max-age=31536000/);
  });

  it('allow neither inline scripts nor inline styles', () => {
    const page = response();
    setPageHeaders(page, { isHttps: false });
    expect(page.getHeader('content-security-policy')).toContain("script-src 'self';");
    expect(page.getHeader('content-security-policy')).toContain("style-src 'self';");
  });

  it('of any answer keep the media type as declared', () => {
    const answer = response();
    setBaseHeaders(answer);
    expect(answer.getHeaders()).toEqual({ 'x-content-type-options': 'nosniff' });
  });
});

describe('the error page', () => {
  it('shows what it is given, harmlessly', () => {
    const html = renderErrorPage({
      status: 404,
      title: `<script>'"&`,
      message: 'Ask your administrator.',
      requestId: 'req-1',
    });
    expect(html).toContain('<h1>&lt;script&gt;&#39;&quot;&amp;</h1>');
    expect(html).toContain('Status 404, request req-1');
    expect(html).not.toContain('<script');
  });
});
