import { parseSetCookie } from 'cookie';

/** A page as a browser without scripts has it. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

export type FormFields = Readonly<Record<string, string>>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_HOPS = 10;

/**
 * A person's browser without a window: it keeps cookies, follows redirects and refreshes, and sends the forms of the
 * page it is on with their hidden fields.
 */
export class PageBrowser {
  readonly #cookies = new Map<string, string>();
  readonly #headers: Readonly<Record<string, string>>;
  readonly #base: string;
  #page: Page | undefined;

  constructor(base: string, headers: Readonly<Record<string, string>> = {}) {
    this.#base = base;
    this.#headers = headers;
  }

  get page(): Page {
    if (!this.#page) throw new Error('no page is open');
    return this.#page;
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  /** Opens an address and follows it to its end. */
  open(path: string): Promise<Page> {
    return this.#go('GET', new URL(path, this.#page?.url ?? this.#base));
  }

  /** Sends the form with this action that the page has: hidden fields as they are, the others as given. */
  submit(
    action: string,
    fields: FormFields = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    const form = [...this.page.html.matchAll(/<form[^>]*>[^]*?<\/form>/g)]
      .map(([text]) => text)
      .find((text) => attribute(text, 'action') === action && matchesFields(text, fields));
    if (form === undefined) throw new Error(`the page has no such form for ${action}`);
    const hidden = [...form.matchAll(/<input[^>]*>/g)]
      .map(([input]) => input)
      .filter((input) => attribute(input, 'type') === 'hidden')
      .map((input) => [attribute(input, 'name'), attribute(input, 'value')] as const);
    return this.post(action, { ...Object.fromEntries(hidden), ...fields }, headers);
  }

  /** Sends fields as they are. */
  post(path: string, fields: FormFields, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    const url = new URL(path, this.#page?.url ?? this.#base);
    return this.#go('POST', url, new URLSearchParams(fields).toString(), headers);
  }

  async #go(
    method: string,
    url: URL,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    let next: { method: string; url: URL; body: string | undefined } | undefined = { method, url, body };
    for (let hop = 0; next; hop += 1) {
      if (hop === MAX_HOPS) throw new Error(`too many redirects, last to ${next.url.href}`);
      const response: Response = await fetch(next.url, {
        method: next.method,
        redirect: 'manual',
        headers: {
          ...this.#headers,
          ...(this.#cookies.size === 0 ? {} : { cookie: this.#cookieHeader() }),
          ...(next.body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(next.body === undefined ? {} : { body: next.body }),
      });
      this.#keepCookies(response.headers.getSetCookie());
      const html = await response.text();
      this.#page = { url: next.url, status: response.status, headers: response.headers, html };
      const location = locationOf(response);
      next =
        location === undefined
          ? undefined
          : { method: 'GET', url: new URL(location, next.url), body: undefined };
    }
    return this.page;
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keepCookies(headers: readonly string[]): void {
    for (const header of headers) {
      const { name, value = '', maxAge } = parseSetCookie(header);
      if (maxAge === 0) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

function locationOf({ status, headers }: Response): string | undefined {
  if (REDIRECTS.includes(status)) return headers.get('location') ?? undefined;
  return /^0; url=(.+)$/.exec(headers.get('refresh') ?? '')?.[1];
}

/** The right one of several forms with one action is the one whose hidden fields say so. */
const matchesFields = (form: string, fields: FormFields): boolean =>
  Object.entries(fields).every(([name, value]) => {
    const input = [...form.matchAll(/<input[^>]*>/g)].find(([text]) => attribute(text, 'name') === name)?.[0];
    return (
      input === undefined || attribute(input, 'type') !== 'hidden' || attribute(input, 'value') === value
    );
  });

const attribute = (element: string, name: string): string =>
  decode(new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1] ?? '');

const decode = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
