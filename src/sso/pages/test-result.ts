import type { AssertedIdentity } from '../../directory/sign-on/asserted-identity.js';
import type { SignOnPreview } from '../../directory/sign-on/preview-sign-on.js';
import type { SsoConnection } from '../../directory/sign-on/sso-connection.js';
import { markup, renderPage, type Html, type PageAnswer } from '../../pages/index.js';

/** What an admin sees of a trial sign-in that came to a verified person. */
export interface TestResult {
  readonly connection: SsoConnection;
  readonly identity: AssertedIdentity;
  /** What was left out of the answer, and why: whole sentences. */
  readonly notes: readonly string[];
  readonly preview: SignOnPreview;
  readonly basePath: string;
}

const OUTCOMES: Readonly<Record<SignOnPreview['outcome'], string>> = {
  sign_in: 'This person would be signed in: the account is linked already.',
  link: 'This person would be signed in, and linked to an account that is there.',
  restore: 'This person would be signed in, and the account that was removed would be restored.',
  create: 'This person would be signed in, and an account would be made.',
  refuse: 'This person would be refused.',
};

const LINK_REASONS: Readonly<Record<NonNullable<SignOnPreview['because']>, string>> = {
  verified_domain: 'The domain of the name is verified for this connection.',
  paired_connection: 'The account was provisioned by the paired SCIM connection.',
  invited: 'The account was invited.',
};

/** The trial was answered: what came, and what would happen. Nothing was stored. */
export function testResultAnswer(result: TestResult): PageAnswer {
  const { connection, identity, notes, preview, basePath } = result;
  const body = markup`<h1>Test of ${connection.name}</h1>
    <p class="lead">${OUTCOMES[preview.outcome]} Nothing was stored.</p>
    <section class="card" aria-label="What would happen">
      <dl>${definitions(outcomeRows(preview))}</dl>
    </section>
    ${notes.map((note) => markup`<p>${note}</p>`)}
    <h2>How the answer was read</h2>
    <section class="card" aria-label="How the answer was read">
      <dl>${definitions(identityRows(identity))}</dl>
    </section>
    <h2>What the identity provider said</h2>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Values</th>
          </tr>
        </thead>
        <tbody>
          ${Object.entries(identity.attributes).map(
            ([name, values]) =>
              markup`<tr><td><code>${name}</code></td><td>${values.map((value) => markup`<div>${value}</div>`)}</td></tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  return { status: 200, body: renderPage({ title: `Test of ${connection.name}`, body, basePath }) };
}

/** A trial that came to nobody: what is wrong, for whom can mend it. */
export interface RefusedTest {
  readonly connection: SsoConnection;
  /** A sentence. */
  readonly meaning: string;
  /** Names of what was compared, never values of it. */
  readonly evidence: string | undefined;
  /** What to look at, as a sentence. */
  readonly advice: string;
  readonly reference: string;
  readonly basePath: string;
}

export function refusedTestAnswer(refused: RefusedTest): PageAnswer {
  const { connection, meaning, evidence, advice, reference, basePath } = refused;
  const body = markup`<h1>Test of ${connection.name}</h1>
    <p class="lead">${meaning} Nobody would be signed in. Nothing was stored.</p>
    <section class="card" aria-label="What to do">
      <dl>
        ${definitions([
          ['What to do', advice],
          ['Evidence', evidence],
          ['Reference', reference],
        ])}
      </dl>
    </section>`;
  return { status: 200, body: renderPage({ title: `Test of ${connection.name}`, body, basePath }) };
}

type Row = readonly [term: string, value: string | undefined];

const definitions = (rows: readonly Row[]): readonly Html[] =>
  rows.flatMap(([term, value]) =>
    value === undefined
      ? []
      : [
          markup`<dt>${term}</dt><dd>${value}</dd>
            `,
        ],
  );

const outcomeRows = (preview: SignOnPreview): readonly Row[] => [
  ['Outcome', preview.outcome.replace('_', ' ')],
  ['Reason', preview.reason],
  ['What to do', preview.advice],
  ['Cannot be accepted', preview.invalidMember],
  ['Why it may be linked', preview.because && LINK_REASONS[preview.because]],
  ['Account', preview.userId],
  ['Its userName', preview.newUserName],
  ['Organization role', preview.organizationRole],
  [
    'Joins teams',
    preview.teams && list(preview.teams.joins.map(({ teamId, role }) => `${teamId} (${role})`)),
  ],
  [
    'Changes roles in',
    preview.teams && list(preview.teams.changes.map(({ teamId, role }) => `${teamId} (${role})`)),
  ],
  ['Leaves teams', preview.teams && list(preview.teams.leaves)],
  ['Groups without effect', preview.teams && list(preview.teams.ignoredGroups)],
];

const identityRows = (identity: AssertedIdentity): readonly Row[] => [
  ['Subject', identity.subject],
  ['User name', identity.userName ?? 'none'],
  ['E-mail', identity.email ?? 'none'],
  ['Display name', identity.displayName ?? 'none'],
  ['Given name', identity.givenName],
  ['Family name', identity.familyName],
  ['Groups', identity.groups === undefined ? 'not said' : (list(identity.groups) ?? 'none')],
];

const list = (names: readonly string[]): string | undefined =>
  names.length === 0 ? undefined : names.join(', ');
