export { renderField, renderFormToken, renderHidden, type FormField } from './form-fields.js';
export { formProblemAnswer, readForm } from './read-form.js';
export { answerUncaught, answerUnknownAddress } from './fallback.js';
export { errorAnswer, handlePage, tooManyAttempts, type PageRoute, type PageShell } from './handle-page.js';
export { Html, markup } from './html.js';
export { renderPage } from './layout.js';
export { forwardTo, redirectTo, type PageAnswer, type PageRequest } from './page-answer.js';
export { landingOf, siteOf, type Site } from './site.js';
export { STYLESHEET } from './stylesheet.js';
