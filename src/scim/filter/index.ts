export { parseAttributeName, parseAttributePath } from './attribute-path.js';
export { parseElementFilter, parseFilter, type FilterOptions } from './parser.js';
export { printFilter } from './printer.js';
export type { FilterProblem } from './problem.js';
