import { HTTP_PROBLEMS } from '../src/http/index.js';
import { ERROR_CODES, type ErrorCode } from '../src/kernel/error-codes.js';
import { remedyOf } from '../src/kernel/error-remedies.js';

/** `docs/errors.md`, from the catalogues of error codes. */
export function renderErrorsDocs(): string {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => {
    const { kind, meaning } = ERROR_CODES[code];
    return `| \`${code}\` | ${kind} | ${meaning} | ${remedyOf(code)} |`;
  });
  const httpRows = Object.entries(HTTP_PROBLEMS).map(
    ([code, { status, meaning, remedy }]) => `| \`${code}\` | ${status} | ${meaning} | ${remedy} |`,
  );
  return `# Error codes

Generated from \`src/kernel/error-codes.ts\` and \`src/kernel/error-remedies.ts\` by \`npm run docs:generate\`. A running server
has the same as pages at \`/problems\`.

Codes are stable; match on them, never on the text. Each surface maps the kind to its own protocol: SCIM to a status code
and a \`scimType\` (RFC 7644 section 3.12).

| code | kind | meaning | what to do |
|---|---|---|---|
${rows.join('\n')}

These are HTTP's own, on \`/api/v1\` and \`/access/v1\`:

| code | status | meaning | what to do |
|---|---|---|---|
${httpRows.join('\n')}
`;
}
