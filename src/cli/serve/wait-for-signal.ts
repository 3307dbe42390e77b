const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Exit code of a process that a second signal ended before it was done: 128 and SIGINT's number. */
const INTERRUPTED = 130;

/** Resolves at the first SIGTERM or SIGINT. The second one ends the process at once, whatever it is doing. */
export function waitForSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isClosing = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (isClosing) process.exit(INTERRUPTED);
        isClosing = true;
        resolve(signal);
      });
    }
  });
}
