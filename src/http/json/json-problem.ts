/** Why a body is not taken: `syntax` for what is no JSON object of ours, `value` for text that cannot be stored. */
export interface JsonProblem {
  readonly kind: 'syntax' | 'value';
  /** Safe to show to the client. */
  readonly detail: string;
}
