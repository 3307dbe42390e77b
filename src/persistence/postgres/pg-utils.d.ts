declare module 'pg/lib/utils.js' {
  /** How pg writes a parameter: text, null, an array as a literal of Postgres. */
  export function prepareValue(value: unknown): unknown;
}
