import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
}

const HEAD_END = '\r\n\r\n';
/** Ends a chunked body. JSON text holds no bare carriage return, so it cannot occur inside one. */
const LAST_CHUNK = '\r\n0\r\n\r\n';

interface Pending {
  resolve(answer: HttpAnswer): void;
  reject(error: Error): void;
}

/**
 * One keep-alive connection with one request at a time. It reads no more of an answer than where it ends: the load
 * process shares the machine with the servers it measures, and a full HTTP client would take a good part of it.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #pending: Pending | undefined;
  #answer: HttpAnswer | undefined;
  #head = '';
  /** Bytes of the body still to come; undefined while it is chunked. */
  #remaining: number | undefined = 0;
  #tail = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new HttpConnection(socket);
  }

  /** Sends a complete HTTP/1.1 request; settles when the last byte of the answer is there. */
  send(request: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#answer === undefined) this.#readHead(chunk);
    else this.#readBody(chunk);
  }

  #readHead(chunk: Buffer): void {
    this.#head += chunk.toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#head.slice(0, end + 2);
    const bodyBytes = this.#head.length - end - HEAD_END.length;
    this.#head = '';
    this.#answer = {
      status: Number(head.slice(9, 12)),
      location: /\r\nlocation: *([^\r]+)/i.exec(head)?.[1],
    };
    this.#remaining = readBodyLength(head, this.#answer.status);
    this.#tail = '';
    this.#readBody(chunk.subarray(chunk.length - bodyBytes));
  }

  #readBody(chunk: Buffer): void {
    if (this.#remaining === undefined) {
      this.#tail = (this.#tail + chunk.subarray(-LAST_CHUNK.length).toString('latin1')).slice(
        -LAST_CHUNK.length,
      );
      if (this.#tail !== LAST_CHUNK) return;
    } else {
      this.#remaining -= chunk.length;
      if (this.#remaining > 0) return;
    }
    const pending = this.#pending;
    const answer = this.#answer;
    this.#pending = undefined;
    this.#answer = undefined;
    if (answer !== undefined) pending?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }
}

/** RFC 9112 section 6.3; undefined for a chunked body. */
function readBodyLength(head: string, status: number): number | undefined {
  if (status === 204 || status === 304) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  return length === undefined ? undefined : Number(length);
}
