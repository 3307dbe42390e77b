/** What a browser does in a sign-in, without one: cookies by host and path, redirects, forms. Scripts do not run. */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
}

export interface Page {
  /** Where the browser is now. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Visit {
  /** Fields of a form, which make it a POST. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Redirects are followed until one leads to such an address, which is then not asked. */
  readonly stopBefore?: (url: string) => boolean;
}

const MAX_REDIRECTS = 20;

export class Browser {
  #cookies: readonly Cookie[] = [];

  /** Goes to an address, and on wherever the answers send it. */
  async visit(url: string, { form, headers, stopBefore }: Visit = {}): Promise<Page> {
    let page = await this.#ask(url, form, headers);
    for (let count = 0; count < MAX_REDIRECTS; count += 1) {
      const next = nextOf(page);
      if (next === undefined) return page;
      if (stopBefore?.(next) === true) return { ...page, url: next };
      page = await this.#ask(next, undefined, headers);
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects, last to ${page.url}`);
  }

  /** Sends the form of the page on which the browser is to that page's own address. */
  submit(page: Page, form: Readonly<Record<string, string>>, more: Omit<Visit, 'form'> = {}): Promise<Page> {
    return this.visit(page.url, { ...more, form });
  }

  cookie(url: string, name: string): string | undefined {
    return this.#cookiesFor(new URL(url)).find((cookie) => cookie.name === name)?.value;
  }

  setCookie(url: string, name: string, value: string): void {
    const { hostname } = new URL(url);
    this.#keep({ name, value, host: hostname, path: '/' });
  }

  forgetCookies(): void {
    this.#cookies = [];
  }

  async #ask(
    url: string,
    form: Readonly<Record<string, string>> | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    const target = new URL(url);
    const cookies = this.#cookiesFor(target).map(({ name, value }) => `${name}=${value}`);
    const response = await fetch(target, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}), ...headers },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) this.#receive(target, line);
    return {
      url: target.href,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  }

  #cookiesFor({ hostname, pathname }: URL): readonly Cookie[] {
    return this.#cookies.filter(
      ({ host, path }) => host === hostname && (path === '/' || `${pathname}/`.startsWith(`${path}/`)),
    );
  }

  #receive({ hostname }: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const equals = pair.indexOf('=');
    const find = (name: string): string | undefined =>
      attributes.find((attribute) => attribute.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const cookie = {
      name: pair.slice(0, equals),
      value: pair.slice(equals + 1),
      host: hostname,
      path: find('path') ?? '/',
    };
    const expires = find('expires');
    const isOver = find('max-age') === '0' || (expires !== undefined && Date.parse(expires) < Date.now());
    this.#keep(cookie, isOver);
  }

  #keep(cookie: Cookie, isOver = false): void {
    const others = this.#cookies.filter(
      ({ name, host, path }) => name !== cookie.name || host !== cookie.host || path !== cookie.path,
    );
    this.#cookies = isOver ? others : [...others, cookie];
  }
}

/** A redirect, or a page that refreshes to somewhere else. */
function nextOf({ url, status, headers, text }: Page): string | undefined {
  const location =
    status >= 300 && status < 400 ? headers.get('location') : (refreshOf(headers) ?? refreshIn(text));
  return location === null || location === undefined ? undefined : new URL(location, url).href;
}

const refreshOf = (headers: Headers): string | undefined =>
  /^\d+; *url=(.+)$/i.exec(headers.get('refresh') ?? '')?.[1];

const refreshIn = (text: string): string | undefined =>
  /<meta http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
