import { loadConfig } from '../../config/index.js';
import { defineProcessCommand, type ProcessContext } from '../command.js';
import { runDatabaseCommand } from '../database-runner.js';
import { parseDemoAccess, type DemoAccess } from '../demo/access.js';
import { EntraClient } from '../demo/entra-client.js';
import { OktaClient } from '../demo/okta-client.js';
import { Progress } from '../demo/progress.js';
import { Recorder } from '../demo/recorder.js';
import { renderNextSteps, renderReport } from '../demo/report.js';
import { RoleScript } from '../demo/role-script.js';
import { runScenario } from '../demo/scenario.js';
import { DEMO_PROVIDER_PORT, runSignOnDemo } from '../demo/sign-on/run-sign-on-demo.js';
import { verifyPeople } from '../demo/verify.js';
import { EXIT } from '../exit-code.js';
import { CommandFailure, UsageError } from '../failure.js';
import { parsePositiveInteger } from '../options.js';
import { reportConfigProblems } from '../report-config-problems.js';
import { demoPrepare } from './demo-prepare.js';

export const demo = defineProcessCommand({
  name: 'demo',
  summary: 'let an Okta and an Entra client provision 200 people into the running server, or sign in',
  options: {
    url: {
      type: 'string',
      placeholder: 'URL',
      help: 'the server; the one on PORT of this machine unless given',
    },
    token: {
      type: 'string',
      placeholder: 'TOKEN',
      help: 'a SCIM token for both; made for a day unless given',
    },
    sso: {
      type: 'boolean',
      help: 'instead, an identity provider at which to sign in by OpenID Connect, until Ctrl-C',
    },
    'idp-port': {
      type: 'string',
      placeholder: 'PORT',
      help: `with --sso, where it listens on this machine; ${DEMO_PROVIDER_PORT} unless given`,
    },
  },
  async run({ url, token, sso, 'idp-port': providerPort }, context) {
    if (sso && (url !== undefined || token !== undefined))
      throw new UsageError('--sso goes without --url and --token.');
    if (!sso && providerPort !== undefined) throw new UsageError('--idp-port goes with --sso.');
    if (sso)
      return runSignOnDemo(
        context,
        providerPort === undefined ? DEMO_PROVIDER_PORT : parsePort(providerPort),
      );
    if (url !== undefined && !/^https?:\/\/./.test(url))
      throw new UsageError('--url must be an http or https URL.');
    const config = loadConfig(context.env);
    if (!config.ok) return reportConfigProblems(config.error, context.terminal);
    const access = token === undefined ? await prepare(context) : { oktaToken: token, entraToken: token };
    if (typeof access === 'number') return access;
    const baseUrl = `${withoutSlash(url ?? access.serverUrl ?? `http://127.0.0.1:${config.value.http.port}`)}/scim/v2`;
    const recorder = new Recorder();
    await provision(baseUrl, access, recorder, context);
    const { terminal } = context;
    terminal.out(
      `\n${renderReport(recorder)}${renderNextSteps(baseUrl, token === undefined ? access.oktaToken : undefined)}`,
    );
    return recorder.problemCount === 0 ? EXIT.ok : EXIT.failure;
  },
});

/** Where no running server holds the database, the server at the URL shares it: a Postgres. */
async function prepare(context: ProcessContext): Promise<DemoAccess | number> {
  let answer = '';
  const exitCode = await runDatabaseCommand(demoPrepare, [], context, {
    out: (text) => (answer += text),
    err: (text) => context.terminal.err(text),
  });
  if (exitCode !== EXIT.ok) return exitCode;
  const access = parseDemoAccess(answer);
  if (access === undefined) throw new CommandFailure('The tokens for the demo could not be made.');
  return access;
}

async function provision(
  baseUrl: string,
  { oktaToken, entraToken }: DemoAccess,
  recorder: Recorder,
  { terminal }: ProcessContext,
): Promise<void> {
  const okta = new OktaClient(baseUrl, oktaToken, recorder);
  const entra = new EntraClient(baseUrl, entraToken, recorder);
  const roles = new RoleScript(baseUrl, oktaToken, recorder);
  try {
    terminal.err(`Provisioning ${baseUrl}\n`);
    await runScenario([okta, entra], roles, new Progress(terminal, terminal.isInteractive));
    await verifyPeople({ baseUrl, token: oktaToken, recorder }, [
      { plan: okta.plan, neverDeletes: true },
      { plan: entra.plan, neverDeletes: false },
    ]);
  } finally {
    for (const client of [okta, entra, roles]) client.close();
  }
}

const withoutSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url);

const MAX_PORT = 65_535;

/** @throws UsageError */
function parsePort(value: string): number {
  const port = parsePositiveInteger('idp-port', value);
  if (port > MAX_PORT) throw new UsageError(`--idp-port must be at most ${MAX_PORT}.`);
  return port;
}
