import { createTransport, type Transporter } from 'nodemailer';
import type { Mailbox } from '../kernel/email-address.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { ComposedMail } from './compose-mail.js';

export interface SmtpOptions {
  /** `smtp://` (STARTTLS where the server offers it) or `smtps://` (TLS from the start), with user and password. */
  readonly url: string;
  readonly from: Mailbox;
}

/** Why a mail was not taken. `reason` has codes of the protocol only. */
export interface SendProblem {
  readonly reason: string;
  /** The server refused the address for good: trying again would change nothing. */
  readonly isPermanent: boolean;
}

/** Milliseconds for each step towards the server, for its silence, and for the mail as a whole. */
const CONNECT_TIMEOUT = 10_000;
const SILENCE_TIMEOUT = 30_000;
export const SEND_TIMEOUT = 60_000;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Sends mails over SMTP (RFC 5321), each on a connection of its own. */
export class SmtpSender {
  readonly #transport: Transporter;
  readonly #from: Mailbox;

  constructor({ url, from }: SmtpOptions) {
    const { protocol, hostname, port, username, password } = new URL(url);
    const isSecure = protocol === 'smtps:';
    this.#from = from;
    this.#transport = createTransport({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (isSecure ? 465 : 587) : Number(port),
      secure: isSecure,
      // A password must not cross a network in clear because somebody suppressed STARTTLS.
      requireTLS: !isSecure && username !== '' && !LOOPBACK.test(hostname),
      ...(username === ''
        ? {}
        : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      connectionTimeout: CONNECT_TIMEOUT,
      dnsTimeout: CONNECT_TIMEOUT,
      greetingTimeout: CONNECT_TIMEOUT,
      socketTimeout: SILENCE_TIMEOUT,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /**
   * Hands one mail to the server. The Message-ID is made from `id`, so that a mail sent twice, because the answer to
   * the first attempt was lost, can be recognised as one.
   * @param sentAt - milliseconds since the Unix epoch
   * @param signal - gives up
   */
  async send(
    mail: ComposedMail,
    { id, sentAt, signal }: { readonly id: string; readonly sentAt: number; readonly signal: AbortSignal },
  ): Promise<Result<void, SendProblem>> {
    const { address } = this.#from;
    try {
      await this.#transport.sendMail({
        // The library writes into what it is given.
        from: { ...this.#from },
        // As objects, addresses are not parsed: none of them can become two.
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: `<${id}@${address.slice(address.lastIndexOf('@') + 1)}>`,
        date: new Date(sentAt),
        // RFC 3834: out-of-office programs do not answer it.
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT)]),
      });
      return ok(undefined);
    } catch (error) {
      return err(toProblem(error));
    }
  }
}

/** What errors of nodemailer and of sockets have beside their text. */
interface SmtpFailure {
  readonly name?: unknown;
  readonly code?: unknown;
  /** The system's or OpenSSL's code behind `code`. */
  readonly originalCode?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** What the server said stays out, as it may hold the address or the link. */
function toProblem(error: unknown): SendProblem {
  const { name, code, originalCode, command, responseCode, response } = error as SmtpFailure;
  const enhanced = typeof response === 'string' ? ENHANCED_CODE.exec(response)?.[1] : undefined;
  const parts = [code ?? name, originalCode, command, responseCode, enhanced].filter(isCode);
  const isPermanent = command === 'RCPT TO' && isBetween(responseCode, 500, 599);
  return { reason: parts.join(' '), isPermanent };
}

/** RFC 3463, after the reply code. */
const ENHANCED_CODE = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/;

const isCode = (part: unknown): boolean =>
  typeof part === 'number' || (typeof part === 'string' && /^[\w. -]{1,40}$/.test(part));

const isBetween = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value >= low && value <= high;
