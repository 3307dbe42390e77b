export type { JsonProblem } from './json-problem.js';
export { parseJsonBody } from './parse-json-body.js';
export { isStorableText } from '../../kernel/storable-text.js';
