export * from './catalogue.js';
export * from './roles.js';
