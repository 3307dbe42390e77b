import type { Services } from '../../app.js';
import type { RequestContext } from '../../directory/request-context.js';
import { oidcSettings } from '../../directory/sign-on/oidc-presets.js';
import type { SsoConnection } from '../../directory/sign-on/sso-connection.js';
import { isLoopbackHost } from '../../http/index.js';
import { newSecret } from '../../kernel/secrets.js';
import { defineDatabaseCommand } from '../command.js';
import type { SignOnAccess } from '../demo/sign-on/sign-on-access.js';
import { EXIT } from '../exit-code.js';
import { CommandFailure } from '../failure.js';
import { operateIn } from './organization.js';

const NAME = 'demo-sso';
const CLIENT_ID = 'rollcall-demo';

/** The part of `demo --sso` that has to run where the database is open: the connection, with a client secret of its own. */
export const demoSignOnBegin = defineDatabaseCommand({
  name: 'demo sign-on begin',
  summary: 'make or switch on the SSO connection of the demo',
  options: {
    issuer: { type: 'string', placeholder: 'URL', help: 'of the demo’s identity provider', isRequired: true },
  },
  isInternal: true,
  async execute({ issuer }, { output, config, services }) {
    const { publicUrl } = config.http;
    if (!isLoopbackHost(new URL(publicUrl).hostname))
      throw new CommandFailure(
        `The demo's identity provider asks for no password, so it is for a server of one's own machine. PUBLIC_URL is ${publicUrl}.`,
      );
    const context = await operateIn(services, undefined);
    const clientSecret = newSecret('');
    const protocol = {
      kind: 'oidc',
      settings: oidcSettings('custom', {
        issuer,
        clientId: CLIENT_ID,
        scopes: ['openid', 'profile', 'email', 'groups'],
      }),
      secrets: { clientSecret },
    } as const;
    const options = { isEnabled: true };
    const existing = await findDemoConnection(services, context);
    const connection = existing
      ? await services.ssoConnections.update(context, existing.id, { protocol, options })
      : await services.ssoConnections.create(context, { name: NAME, protocol, options });
    const access: SignOnAccess = {
      ssoConnectionId: connection.id,
      clientId: CLIENT_ID,
      clientSecret,
      publicUrl,
    };
    output.out(JSON.stringify(access));
    return EXIT.ok;
  },
});

/** Afterwards nobody signs in at the demo's identity provider, which asks for no password. */
export const demoSignOnEnd = defineDatabaseCommand({
  name: 'demo sign-on end',
  summary: 'switch the SSO connection of the demo off',
  options: {},
  isInternal: true,
  async execute(_values, { services }) {
    const context = await operateIn(services, undefined);
    const existing = await findDemoConnection(services, context);
    if (existing)
      await services.ssoConnections.update(context, existing.id, { options: { isEnabled: false } });
    return EXIT.ok;
  },
});

const findDemoConnection = async (
  { ssoConnections }: Services,
  { organizationId }: RequestContext,
): Promise<SsoConnection | undefined> =>
  (await ssoConnections.list(organizationId)).find(({ name }) => name === NAME);
