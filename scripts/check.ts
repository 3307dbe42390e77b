/**
 * Everything that has to hold before a change is merged, in two lanes because most of it uses one core: linting beside
 * the rest, and then the tests. What fails ends the run; the output of a lane comes as one piece.
 */
import { spawn } from 'node:child_process';

/** npm scripts. */
const LANES = [
  ['lint'],
  ['format:check', 'typecheck', 'deps:check', 'deadcode', 'docs:check', 'openapi:check'],
] as const;

const results = await Promise.all(LANES.map(runLane));
if (results.includes(false)) process.exit(1);
process.exit(await runScript('test', 'inherit').ended);

/** Runs scripts one after the other until one fails. @returns whether all passed */
async function runLane(scripts: readonly string[]): Promise<boolean> {
  for (const script of scripts) {
    const run = runScript(script, 'pipe');
    const code = await run.ended;
    process.stdout.write(
      `\n${script}: ${code === 0 ? 'passed' : 'failed'}\n${code === 0 ? '' : run.output()}`,
    );
    if (code !== 0) return false;
  }
  return true;
}

function runScript(script: string, stdio: 'pipe' | 'inherit') {
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', stdio, stdio] });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
  return { ended, output: () => Buffer.concat(chunks).toString() };
}
