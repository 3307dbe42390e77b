import { VARIABLE_NAMES, VARIABLES } from './schema.js';

/** `docs/configuration.md`, from the schema. */
export function renderConfigurationDocs(): string {
  const rows = VARIABLE_NAMES.map((name) => {
    const { default: fallback, description, isSecret } = VARIABLES[name];
    const names = isSecret === true ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``;
    return `| ${names} | ${fallback ?? ''} | ${description} |`;
  });
  return `# Configuration

Generated from \`src/config/schema.ts\` by \`npm run docs:generate\`.

Rollcall is configured by environment variables. All of them are optional with the embedded database. Every problem is
reported before anything listens, and the process ends with exit code 78. An empty variable counts as unset.

A secret can be given as the path of a file instead, by the variable with \`_FILE\` at the end of its name; white space
at the end of the file is dropped.

| variable | default | meaning |
|---|---|---|
${rows.join('\n')}

\`npm run rollcall -- doctor\` prints what is in effect, with secrets masked.
`;
}
