import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, readBody } from '../../../../src/http/index.js';
import type { Proxy, ProxyOptions } from './proxy.js';

const IDENTITY = 'x-auth-';
const NOT_FORWARDED = new Set(['authorization', 'cookie', 'connection', 'host', 'content-length']);

/** Stands in for nginx where it is not installed: asks /auth/verify, and replaces what the client says of itself. */
export async function startAuthRequestProxy({
  baseUrl,
  applicationPort,
  requirement = '',
}: ProxyOptions): Promise<Proxy> {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = request;
    const asked: Record<string, string> = { 'x-forwarded-uri': url, 'x-forwarded-method': method };
    if (headers.cookie !== undefined) asked['cookie'] = headers.cookie;
    if (headers.authorization !== undefined) asked['authorization'] = headers.authorization;
    const verdict = await fetch(`${baseUrl}/auth/verify?${requirement}`, { headers: asked });
    if (verdict.status === 401) {
      response.writeHead(302, { location: verdict.headers.get('x-auth-sign-in') ?? '' }).end();
      return;
    }
    if (verdict.status !== 200) {
      response.writeHead(verdict.status).end();
      return;
    }
    const passed = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value !== 'string' || NOT_FORWARDED.has(name) || name.startsWith(IDENTITY)
        ? []
        : [[name, value]],
    );
    const identity = [...verdict.headers].filter(([name]) => name.startsWith(IDENTITY));
    const body = await readBody(request, 1_000_000);
    const answer = await fetch(`http://127.0.0.1:${applicationPort}${url}`, {
      method,
      headers: [...passed, ...identity],
      redirect: 'manual',
      ...(body.ok && body.value.length > 0 ? { body: body.value.toString() } : {}),
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  };
  const server = await listen((request, response) => void handle(request, response), {
    host: '127.0.0.1',
    port: 0,
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.close() };
}
