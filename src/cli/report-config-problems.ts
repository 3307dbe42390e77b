import type { ConfigProblem } from '../config/index.js';
import { EXIT } from './exit-code.js';
import type { Output } from './terminal.js';

/** Lists every problem on stderr. @returns the exit code */
export function reportConfigProblems(problems: readonly ConfigProblem[], output: Output): typeof EXIT.config {
  const lines = problems.map(({ variable, message }) => `  ${variable} ${message}\n`).join('');
  output.err(
    `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines}`,
  );
  return EXIT.config;
}
