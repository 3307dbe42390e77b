export { readSearchRequest } from './read-search-request.js';
export { createRootSearch, type RootSearchDependencies } from './root-search.js';
