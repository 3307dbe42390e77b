export { refusedAnswer, shownRefusal, type RefusedSignIn, type ShownRefusal } from './refused.js';
export { refusedTestAnswer, testResultAnswer, type RefusedTest, type TestResult } from './test-result.js';
