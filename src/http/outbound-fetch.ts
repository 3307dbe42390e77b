/**
 * Requests to servers whose addresses an admin or a document of another server chose: discovery, keys, tokens, metadata.
 * Whoever can choose an address must not reach through us what only we can reach (server-side request forgery), so:
 * HTTPS only, no redirects followed, no address of this machine or of a cloud's metadata service, and the address that was
 * checked is the one that is connected to, which a name that resolves differently the second time cannot get around.
 */
import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { classifyAddress, type AddressKind } from './outbound-address.js';

export interface OutboundPolicy {
  /** Whether this machine may be reached, also without TLS: for trying out, when we are on loopback ourselves. */
  readonly allowsLoopback: boolean;
  /** Whether the private network around may be reached, where a company's own identity provider may be. */
  readonly allowsPrivate: boolean;
  /** Bytes of an answer's body. */
  readonly maxBytes: number;
  /** Milliseconds from the start of the request to the last byte of the answer. */
  readonly timeoutMs: number;
}

export interface OutboundInit {
  readonly method?: string;
  readonly headers?: Headers | Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Like `fetch` without redirects. Rejects with an {@link OutboundError}, or a DOMException when aborted by the signal. */
export type OutboundFetch = (url: string, init?: OutboundInit) => Promise<Response>;

/**
 * - `forbidden_url`: not a URL, not HTTPS, or with a user name or password in it.
 * - `forbidden_address`: resolves to an address that the policy keeps out.
 * - `unreachable`: no such name, nobody listens, no valid certificate, connection lost.
 * - `timeout`, `too_large`, `unsupported_encoding`: what they say of the answer.
 */
export type OutboundProblem =
  'forbidden_url' | 'forbidden_address' | 'unreachable' | 'timeout' | 'too_large' | 'unsupported_encoding';

export class OutboundError extends Error {
  readonly problem: OutboundProblem;

  constructor(problem: OutboundProblem, host: string, cause?: unknown) {
    super(`${problem}: ${host}`, { cause });
    this.name = 'OutboundError';
    this.problem = problem;
  }
}

export const isOutboundError = (error: unknown): error is OutboundError => error instanceof OutboundError;

/** Statuses without a body, for which `Response` takes none (Fetch standard, null body status). */
const BODILESS = new Set([101, 103, 204, 205, 304]);

export function createOutboundFetch(policy: OutboundPolicy): OutboundFetch {
  const isAllowed = (address: string): boolean => isAllowedKind(classifyAddress(address), policy);
  return async (url, init = {}) => {
    const target = requireAllowedUrl(url, policy);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host)) throw new OutboundError('forbidden_address', host);
    const timeout = AbortSignal.timeout(policy.timeoutMs);
    const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
    try {
      const body = bodyOf(init.body);
      const answer = await send(
        target,
        { ...optionsOf(init, body), signal, lookup: createLookup(isAllowed) },
        body,
      );
      return await readAnswer(answer, policy.maxBytes, host);
    } catch (error) {
      if (isOutboundError(error)) throw error;
      if (timeout.aborted) throw new OutboundError('timeout', host, error);
      init.signal?.throwIfAborted();
      throw new OutboundError('unreachable', host, error);
    }
  };
}

/** True when `url` may be asked for under `policy`, as far as can be told before its name is resolved. */
export function isOutboundUrl(url: string, policy: OutboundPolicy): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, hostname } = new URL(url);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && policy.allowsLoopback && isLoopbackHost(hostname));
}

/** True for `localhost`, and for loopback addresses as they stand in a URL. */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === 'localhost' || classifyAddress(hostname.replace(/^\[|\]$/g, '')) === 'loopback';

function requireAllowedUrl(url: string, policy: OutboundPolicy): URL {
  if (!isOutboundUrl(url, policy))
    throw new OutboundError('forbidden_url', URL.canParse(url) ? new URL(url).host : 'not a URL');
  return new URL(url);
}

function isAllowedKind(kind: AddressKind, policy: OutboundPolicy): boolean {
  switch (kind) {
    case 'public':
      return true;
    case 'private':
      return policy.allowsPrivate;
    case 'loopback':
      return policy.allowsLoopback;
    case 'forbidden':
      return false;
  }
}

/** Node connects to what this finds, so nothing can resolve differently in between. One forbidden address forbids all. */
const createLookup =
  (isAllowed: (address: string) => boolean): NonNullable<RequestOptions['lookup']> =>
  (hostname, options: LookupOptions, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = (addresses as readonly LookupAddress[] | undefined) ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? new OutboundError('unreachable', hostname), '', 0);
        return;
      }
      if (!addresses.every(({ address }) => isAllowed(address))) {
        callback(new OutboundError('forbidden_address', hostname), '', 0);
        return;
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** Bodies of the protocols are forms: text. */
function bodyOf(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('A body must be text or a form.');
}

const optionsOf = ({ method, headers }: OutboundInit, body: string | undefined): RequestOptions => ({
  method: method ?? 'GET',
  headers: {
    ...Object.fromEntries(new Headers(headers)),
    'accept-encoding': 'identity',
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  },
  agent: false,
});

function send(url: URL, options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolveAnswer, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    request.once('response', resolveAnswer);
    request.once('error', reject);
    request.end(body);
  });
}

async function readAnswer(answer: IncomingMessage, maxBytes: number, host: string): Promise<Response> {
  const { 'content-encoding': encoding } = answer.headers;
  if (encoding !== undefined && encoding !== 'identity') {
    answer.destroy();
    throw new OutboundError('unsupported_encoding', host);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      answer.destroy();
      throw new OutboundError('too_large', host);
    }
    chunks.push(chunk);
  }
  const status = answer.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  if (status < 200 || status > 599) throw new OutboundError('unreachable', host);
  return new Response(BODILESS.has(status) ? null : Buffer.concat(chunks, size), { status, headers });
}
