export { parseJsonBody } from './parse-json-body.js';
export { isStorableText } from './storable-text.js';
