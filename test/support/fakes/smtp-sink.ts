import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it arrived. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** By lower-case name; repeated headers are kept apart. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  header(name: string): string | undefined;
  /** Decoded bodies. */
  readonly text: string;
  readonly html: string;
  readonly raw: string;
}

export interface SmtpSink {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** The first mail that arrived and was not taken yet; waits for it. */
  take(): Promise<ReceivedMail>;
  /** What to say to the next recipients instead of yes; undefined takes them again. */
  refuse(answer: { readonly code: number; readonly text: string } | undefined): void;
  close(): Promise<void>;
}

/** A mail server that keeps what it gets. Plain SMTP on a loopback port unless told otherwise. */
export async function startSmtpSink(options: SMTPServerOptions = {}): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const waiting: ((mail: ReceivedMail) => void)[] = [];
  let taken = 0;
  let refusal: { readonly code: number; readonly text: string } | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: (_address, _session, callback) => {
      if (refusal === undefined) callback();
      else callback(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, session, callback) => {
      void readText(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = readMail(
          raw,
          mailFrom ? mailFrom.address : '',
          rcptTo.map(({ address }) => address),
        );
        mails.push(mail);
        callback();
        const next = waiting.shift();
        if (next) {
          taken += 1;
          next(mail);
        }
      });
    },
    ...options,
  });
  // What a client does wrong shows in its own error.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    take: () => {
      const mail = mails[taken];
      if (mail === undefined) return new Promise((resolve) => waiting.push(resolve));
      taken += 1;
      return Promise.resolve(mail);
    },
    refuse: (answer) => {
      refusal = answer;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function readMail(raw: string, from: string, to: readonly string[]): ReceivedMail {
  const { headers, body } = splitEntity(raw);
  const header = (name: string): string | undefined => headers.find(([known]) => known === name)?.[1];
  const boundary = /boundary="([^"]+)"/.exec(header('content-type') ?? '')?.[1] ?? 'none';
  const parts = body.split(`--${boundary}`).map((part) => splitEntity(part.trim()));
  const partOf = (type: string): string =>
    parts
      .filter((part) =>
        part.headers.some(([name, value]) => name === 'content-type' && value.startsWith(type)),
      )
      .map(decodeBody)
      .join('');
  return { from, to, headers, header, text: partOf('text/plain'), html: partOf('text/html'), raw };
}

interface Entity {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** RFC 5322 section 2.2.3: a line that starts with white space continues the header before it. */
function splitEntity(text: string): Entity {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { headers, body: rest.join('\r\n\r\n') };
}

function decodeBody({ headers, body }: Entity): string {
  const encoding = headers.find(([name]) => name === 'content-transfer-encoding')?.[1];
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
