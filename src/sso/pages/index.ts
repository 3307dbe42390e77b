export { refusedAnswer, type RefusedSignIn, type ShownRefusal } from './refused.js';
