/** The code of a failed file operation, such as `ENOENT`; undefined for any other error. */
export const fileErrorCode = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
