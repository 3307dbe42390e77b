import { request } from 'node:http';
import type { Reply } from '../../support/scim-client.js';

export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export type Send = (outgoing: Outgoing) => Promise<Reply>;

const parseOrEmpty = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

/**
 * Sends one request with these headers and no others (fetch would add Accept and User-Agent, and what a server does
 * without them is part of the replay). Reads the answer whole; rejects when the connection breaks.
 */
export const send: Send = ({ method, url, headers, body }) =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const received = new Headers();
        for (const [name, value] of Object.entries(response.headers)) received.set(name, String(value));
        resolve({ status: response.statusCode ?? 0, headers: received, text, body: parseOrEmpty(text) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
