export * from './catalogue.js';
export * from './roles.js';
export * from './visibility.js';
