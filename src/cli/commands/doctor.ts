import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeConfig } from '../../config/index.js';
import { loadConfig, type Config } from '../../config/index.js';
import { defineProcessCommand, type ProcessContext } from '../command.js';
import { runDatabaseCommand } from '../database-runner.js';
import { checkDataDir } from '../doctor/check-data-dir.js';
import { checkPublicUrl } from '../doctor/check-public-url.js';
import { formatCheck, type Check } from '../doctor/check.js';
import { EXIT } from '../exit-code.js';
import { reportFailure } from '../failure.js';
import { formatTable } from '../format-table.js';
import { doctorDatabase } from './doctor-database.js';

export const doctor = defineProcessCommand({
  name: 'doctor',
  summary: 'show the effective configuration, secrets masked, and check that it works',
  options: {},
  async run(_values, context) {
    const { terminal, env, installation } = context;
    terminal.out(`Rollcall ${installation.version} on Node ${process.versions.node}\n\n`);
    const rows = describeConfig(env).map(({ variable, value, source, problem }) => [
      variable,
      problem === undefined ? value : `WRONG: ${problem}`,
      source,
    ]);
    terminal.out(`${formatTable(['VARIABLE', 'VALUE', 'FROM'], rows)}\n`);
    const config = loadConfig(env);
    if (!config.ok) {
      for (const { variable, message } of config.error)
        say(context, { subject: 'configuration', verdict: 'wrong', finding: `${variable} ${message}` });
      return EXIT.failure;
    }
    const checks = [checkPublicUrl(config.value)];
    if (config.value.database.kind === 'embedded') checks.push(checkDataDir(config.value.dataDir));
    for (const check of checks) say(context, check);
    const isDatabaseFine = await checkDatabase(config.value, context);
    return isDatabaseFine && checks.every(({ verdict }) => verdict !== 'wrong') ? EXIT.ok : EXIT.failure;
  },
});

const say = ({ terminal }: ProcessContext, check: Check): void => {
  terminal.out(formatCheck(check));
};

async function checkDatabase(config: Config, context: ProcessContext): Promise<boolean> {
  // Looking must not be what makes the database.
  if (config.database.kind === 'embedded' && !existsSync(join(config.dataDir, 'postgres'))) {
    say(context, {
      subject: 'database',
      verdict: 'ok',
      finding: 'embedded; will be made at the first start',
    });
    return true;
  }
  try {
    return (await runDatabaseCommand(doctorDatabase, [], context)) === EXIT.ok;
  } catch (error) {
    say(context, { subject: 'database', verdict: 'wrong', finding: 'cannot be used:' });
    reportFailure(error, context.terminal);
    return false;
  }
}
