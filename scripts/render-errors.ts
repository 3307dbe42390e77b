import { ERROR_CODES } from '../src/kernel/error-codes.js';

/** `docs/errors.md`, from the catalogue of error codes. */
export function renderErrorsDocs(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { kind, meaning }]) => `| \`${code}\` | ${kind} | ${meaning} |`,
  );
  return `# Error codes

Generated from \`src/kernel/error-codes.ts\` by \`npm run docs:generate\`.

Codes are stable; match on them, never on the text. Each surface maps the kind to its own protocol: SCIM to a status code
and a \`scimType\` (RFC 7644 section 3.12).

| code | kind | meaning |
|---|---|---|
${rows.join('\n')}
`;
}
