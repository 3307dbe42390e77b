import type { Composition } from '../../../src/cli/composition.js';
import type { Terminal } from '../../../src/cli/terminal.js';

/** A terminal that keeps what is said. */
export function recordTerminal(): Terminal & { readonly said: { out: string; err: string } } {
  const said = { out: '', err: '' };
  return {
    said,
    isInteractive: false,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    readSecret: () => Promise.reject(new Error('nobody is there')),
  };
}

const untouchable = (): never => {
  throw new Error('this must be decided before anything is opened');
};

/** For what has to be refused before a database is opened. */
export const untouchableComposition: Composition = {
  openDatabase: untouchable,
  createServices: untouchable,
  createApp: untouchable,
};
