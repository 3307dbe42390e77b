/** One answer of the server, read whole. `body` is the parsed JSON, or an empty object when there is none. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read arbitrary JSON and assert on it
  readonly body: any;
}

export interface RequestOptions {
  readonly headers?: Record<string, string>;
  /** Serialised as JSON with `Content-Type: application/scim+json` unless headers say otherwise. */
  readonly json?: unknown;
  /** Sent as is. */
  readonly raw?: string | Uint8Array;
}

/** A black-box HTTP client for one base address and one token. */
export class ScimClient {
  readonly baseUrl: string;
  readonly token: string | undefined;

  constructor(baseUrl: string, token: string | undefined) {
    this.baseUrl = baseUrl;
    this.token = token;
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const headers: Record<string, string> = {};
    if (this.token !== undefined) headers['authorization'] = `Bearer ${this.token}`;
    if (options.json !== undefined) headers['content-type'] = 'application/scim+json; charset=utf-8';
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value;
    const body = options.raw ?? (options.json === undefined ? undefined : JSON.stringify(options.json));
    const response = await fetch(this.baseUrl + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: body as RequestInit['body'] & {} }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsedOf(text) };
  }

  get = (path: string, headers?: Record<string, string>): Promise<Reply> =>
    this.request('GET', path, headers ? { headers } : {});
  post = (path: string, json: unknown, headers?: Record<string, string>): Promise<Reply> =>
    this.request('POST', path, headers ? { json, headers } : { json });
  put = (path: string, json: unknown, headers?: Record<string, string>): Promise<Reply> =>
    this.request('PUT', path, headers ? { json, headers } : { json });
  patch = (path: string, json: unknown, headers?: Record<string, string>): Promise<Reply> =>
    this.request('PATCH', path, headers ? { json, headers } : { json });
  delete = (path: string, headers?: Record<string, string>): Promise<Reply> =>
    this.request('DELETE', path, headers ? { headers } : {});

  /** PATCH with the operations wrapped in a PatchOp message. */
  operations = (path: string, ...operations: unknown[]): Promise<Reply> =>
    this.patch(path, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: operations,
    });
}

function parsedOf(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}
