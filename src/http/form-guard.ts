import { constantTimeEquals, deriveKey, newSecret, sign } from '../kernel/secrets.js';
import { browserCookie, sessionCookie, type BrowserCookie, type WithHeaders } from './browser-cookie.js';
import { comesFromOurPages } from './same-origin.js';

/** The hidden field of every form that is checked. */
export const FORM_TOKEN_FIELD = 'formToken';

/** A token for the forms of one page, and the cookie that has to go with it when the browser has none yet. */
export interface FormToken {
  readonly token: string;
  readonly cookies: readonly string[];
}

export interface FormGuardOptions {
  readonly secretKey: string;
  /** Scheme, host and port of PUBLIC_URL. */
  readonly origin: string;
  readonly isHttps: boolean;
}

/**
 * Guards forms against requests forged from other sites, sign-in included. A form carries a token that is bound to the
 * browser's session or, before there is one, to a random value in a signed cookie; nothing is stored. What the browser
 * says of the request's origin is looked at as well.
 */
export class FormGuard {
  readonly #session: BrowserCookie;
  readonly #browser: BrowserCookie;
  readonly #tokenKey: string;
  readonly #cookieKey: string;
  readonly #origin: string;

  constructor({ secretKey, origin, isHttps }: FormGuardOptions) {
    this.#session = sessionCookie(isHttps);
    this.#browser = browserCookie({ name: 'rollcall-form', isHttps });
    this.#tokenKey = deriveKey(secretKey, 'form-token');
    this.#cookieKey = deriveKey(secretKey, 'form-cookie');
    this.#origin = origin;
  }

  /** The token to put into the forms of the page that answers this request. */
  issue(request: WithHeaders): FormToken {
    const known = this.#bindingOf(request);
    if (known !== undefined) return { token: sign(this.#tokenKey, known), cookies: [] };
    const value = newSecret('');
    const cookie = this.#browser.write(`${value}.${sign(this.#cookieKey, value)}`);
    return { token: sign(this.#tokenKey, browserBinding(value)), cookies: [cookie] };
  }

  /** Whether a posted form is one that this server gave to this browser. */
  accepts(request: WithHeaders, form: URLSearchParams): boolean {
    if (!comesFromOurPages(request, this.#origin)) return false;
    const binding = this.#bindingOf(request);
    if (binding === undefined) return false;
    return constantTimeEquals(sign(this.#tokenKey, binding), form.get(FORM_TOKEN_FIELD) ?? '');
  }

  #bindingOf(request: WithHeaders): string | undefined {
    const session = this.#session.read(request);
    if (session !== undefined && session !== '') return `session:${session}`;
    const [value = '', signature = ''] = (this.#browser.read(request) ?? '').split('.');
    return constantTimeEquals(sign(this.#cookieKey, value), signature) ? browserBinding(value) : undefined;
  }
}

const browserBinding = (value: string): string => `browser:${value}`;
