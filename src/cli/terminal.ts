import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandFailure } from './failure.js';

/** Where a command speaks: answers on `out`, everything else on `err`. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** The person or script in front of the program. */
export interface Terminal extends Output {
  /** True when progress may be drawn over itself. */
  readonly isInteractive: boolean;
  /** Asks without echo, twice, when stdin is a terminal; otherwise reads stdin to its end. */
  readSecret(prompt: string): Promise<string>;
}

/** The terminal of this process. */
export function createTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY,
    readSecret: (prompt) => (process.stdin.isTTY ? askTwice(prompt) : readPipedSecret()),
  };
}

/** One line end at the end belongs to the pipe, not to the secret. */
const readPipedSecret = async (): Promise<string> => (await text(process.stdin)).replace(/\r?\n$/, '');

async function askTwice(prompt: string): Promise<string> {
  const first = await askOnce(`${prompt}: `);
  if (first !== (await askOnce(`${prompt}, again: `))) throw new CommandFailure('The two entries differ.');
  return first;
}

function askOnce(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const silence = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const line = createInterface({ input: process.stdin, output: silence, terminal: true });
  return new Promise((resolve, reject) => {
    line.once('close', () => {
      process.stderr.write('\n');
      reject(new CommandFailure('Nothing was entered.'));
    });
    line.question('', (answer) => {
      resolve(answer);
      line.close();
    });
  });
}
