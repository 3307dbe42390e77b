/** Exit codes of the program; those above 1 are of BSD's sysexits.h. */
export const EXIT = { ok: 0, failure: 1, usage: 64, config: 78 } as const;
