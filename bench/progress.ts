const startedAt = performance.now();

/** Tells what is going on, on standard error with the seconds since the start: standard output is the report. */
export function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6);
  process.stderr.write(`[${seconds}s] ${text}\n`);
}
