import { HTTP_PROBLEMS } from '../../http/index.js';
import { ERROR_CODES, type ErrorCode, type ErrorKind } from '../../kernel/error-codes.js';
import { remedyOf } from '../../kernel/error-remedies.js';
import { errorAnswer, markup, renderPage, type Html, type PageAnswer } from '../../pages/index.js';

/** An error as its page shows it. */
interface ProblemEntry {
  readonly kind: ErrorKind | 'http';
  readonly meaning: string;
  readonly remedy: string;
}

const KIND_NAMES: Readonly<Record<ProblemEntry['kind'], string>> = {
  invalid: 'the request is not acceptable',
  not_found: 'it is not there',
  conflict: 'the request contradicts what is there',
  permission_denied: 'not permitted',
  unauthenticated: 'no valid credential',
  precondition_failed: 'a condition of the request is not met',
  too_large: 'the request is too large',
  rate_limited: 'too much at once',
  unavailable: 'not available for the moment',
  http: 'the request does not fit the address',
};

const PROBLEMS: ReadonlyMap<string, ProblemEntry> = new Map([
  ...(Object.keys(ERROR_CODES) as ErrorCode[]).map((code): [string, ProblemEntry] => [
    code,
    { ...ERROR_CODES[code], remedy: remedyOf(code) },
  ]),
  ...Object.entries(HTTP_PROBLEMS).map(([code, { meaning, remedy }]): [string, ProblemEntry] => [
    code,
    { kind: 'http', meaning, remedy },
  ]),
]);

/** The page to which the `type` of a problem answer leads (RFC 9457 section 3.1.1). */
export function showProblem(basePath: string, code: string, requestId: string): PageAnswer {
  const problem = PROBLEMS.get(code);
  if (!problem)
    return errorAnswer(404, 'No such error', 'There is no error with this code in this release.', requestId);
  const body = markup`<h1><code>${code}</code></h1>
    <p class="lead">${problem.meaning}</p>
    <section class="card" aria-label="About this error">
      <dl>
        <dt>What to do</dt>
        <dd>${withCode(problem.remedy)}</dd>
        <dt>Kind</dt>
        <dd>${KIND_NAMES[problem.kind]}</dd>
      </dl>
    </section>
    <p>
      Programs match on <code>code</code>, which stays; texts may change. The log of the server has more under
      the <code>reference</code> of the answer.
    </p>
    <p><a href="${basePath}/problems">All errors</a></p>`;
  return { status: 200, body: renderPage({ title: `${code}: ${problem.meaning}`, body, basePath }) };
}

/** All errors, each with a link to its page. */
export function renderProblems(basePath: string): Html {
  const rows = [...PROBLEMS].map(
    ([code, { meaning }]) =>
      markup`<tr><td><a href="${basePath}/problems/${code}"><code>${code}</code></a></td><td>${meaning}</td></tr>`,
  );
  const body = markup`<h1>Errors</h1>
    <p class="lead">Every error that the APIs answer with, and what to do about it.</p>
    <div class="table">
      <table>
        <thead><tr><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>
    </div>`;
  return renderPage({ title: 'Errors', body, basePath });
}

/** Backticks become code. */
const withCode = (text: string): readonly Html[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`));
