/**
 * Measures the product against a bare reference on the same Postgres and prints the tables of
 * docs/performance.md. `npm run bench -- --only get,match --json figures.json`
 */
import { writeFile } from 'node:fs/promises';
import { describeMachine } from './environment/machine.ts';
import { runExperiments } from './experiments/run-experiments.ts';
import { LoadProcess } from './load/load-process.ts';
import { readOptions } from './options.ts';
import { say } from './progress.ts';
import { formatReport } from './report/format-report.ts';
import { startSubjects } from './start-subjects.ts';

const options = readOptions(process.argv.slice(2), process.env);

await using cleanUp = new AsyncDisposableStack();
const { adminUrl, ...subjects } = await startSubjects(options, cleanUp);
const load = cleanUp.adopt(new LoadProcess(), (process) => process.stop());

const results = await runExperiments({ options, load, ...subjects });
const machine = await describeMachine(adminUrl);
const settings =
  `${subjects.product.name} against ${subjects.reference.name}, ${options.users} users, ${options.connections} connections, ` +
  `pool of ${options.poolSize}, ${options.rounds} rounds of ${options.seconds} s`;

process.stdout.write(`${formatReport(machine, settings, results)}\n`);
if (options.jsonFile !== undefined) {
  await writeFile(options.jsonFile, `${JSON.stringify({ machine, settings, results }, undefined, 2)}\n`);
  say(`written to ${options.jsonFile}`);
}
if (results.some((result) => result.kind === 'failed')) process.exitCode = 1;
