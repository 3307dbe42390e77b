import type { ProcessContext } from '../../command.js';
import { demoSignOnBegin, demoSignOnEnd } from '../../commands/demo-sign-on.js';
import { runDatabaseCommand } from '../../database-runner.js';
import { EXIT } from '../../exit-code.js';
import { CommandFailure } from '../../failure.js';
import { waitForSignal } from '../../serve/wait-for-signal.js';
import { DEMO_PEOPLE } from './demo-people.js';
import { startOpenIdProvider, type OpenIdProvider } from './openid-provider.js';
import { parseSignOnAccess, type SignOnAccess } from './sign-on-access.js';

/** A fixed one: a connection stays with its issuer, and so with the port in it. */
export const DEMO_PROVIDER_PORT = 4480;

/**
 * `demo --sso`: an identity provider with a few people at which the running server's people can sign in, until a signal
 * ends it. Its connection is switched on for as long as it runs.
 */
export async function runSignOnDemo(context: ProcessContext, port: number): Promise<number> {
  const provider = await startOpenIdProvider({ port, host: '127.0.0.1', people: DEMO_PEOPLE });
  try {
    const access = await begin(provider, context);
    if (typeof access === 'number') return access;
    try {
      await requireServer(access);
      await register(provider, access);
      context.terminal.out(renderInvitation(provider, access));
      await waitForSignal();
      return EXIT.ok;
    } finally {
      await runDatabaseCommand(demoSignOnEnd, [], context);
      context.terminal.err('\nThe demo has ended, and its SSO connection is switched off.\n');
    }
  } finally {
    await provider.close();
  }
}

async function begin(provider: OpenIdProvider, context: ProcessContext): Promise<SignOnAccess | number> {
  let answer = '';
  const exitCode = await runDatabaseCommand(demoSignOnBegin, ['--issuer', provider.issuer], context, {
    out: (text) => (answer += text),
    err: (text) => context.terminal.err(text),
  });
  if (exitCode !== EXIT.ok) return exitCode;
  const access = parseSignOnAccess(answer);
  if (access === undefined) throw new CommandFailure('The SSO connection of the demo could not be made.');
  return access;
}

async function requireServer({ publicUrl }: SignOnAccess): Promise<void> {
  const answer = await fetch(`${publicUrl}/healthz`).catch(() => undefined);
  if (answer?.ok !== true)
    throw new CommandFailure(
      `No server answers at ${publicUrl}. Start it in another terminal (npm start), then run this again.`,
    );
}

const register = (provider: OpenIdProvider, access: SignOnAccess): Promise<void> => {
  const { publicUrl, ssoConnectionId, clientId, clientSecret } = access;
  const address = `${publicUrl}/sso/oidc/${ssoConnectionId}`;
  return provider.setClient({
    client_id: clientId,
    client_secret: clientSecret,
    client_name: 'Rollcall',
    redirect_uris: [`${address}/callback`],
    post_logout_redirect_uris: [`${publicUrl}/login`],
    token_endpoint_auth_method: 'client_secret_post',
    backchannel_logout_uri: `${address}/backchannel-logout`,
    backchannel_logout_session_required: true,
  });
};

const renderInvitation = (
  { issuer }: OpenIdProvider,
  { publicUrl, ssoConnectionId }: SignOnAccess,
): string => `
Sign in:            ${publicUrl}/sso/oidc/${ssoConnectionId}/login
Try it as an admin: ${publicUrl}/sso/oidc/${ssoConnectionId}/test
Identity provider:  ${issuer} (only this machine reaches it; it asks for no password)

People: ${DEMO_PEOPLE.map(({ name }) => name).join(', ')}
Everybody gets an account at the first sign-in, unless DISABLE_SSO_PROVISIONING is true.
Ctrl-C ends the demo.
`;
