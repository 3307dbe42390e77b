import type { Request } from 'express';
import type { SamlConnection } from '../../../directory/sign-on/sso-connection.js';
import { readBody } from '../../../http/index.js';
import { LIMITS } from '../../../kernel/limits.js';
import { err, type Result } from '../../../kernel/result.js';
import { errorAnswer, redirectTo, type PageAnswer, type PageRequest } from '../../../pages/index.js';
import { noConnection } from '../../flow/begin-flow.js';
import { logRefusal } from '../answers.js';
import { findConnection } from '../../flow/find-connection.js';
import type { SamlSurface } from '../saml-dependencies.js';
import { newMessageId } from '../saml-flow.js';
import { logoutResponseUrl, type SamlParty } from '../saml-messages.js';
import type { SamlRefusal } from '../verify/saml-refusal.js';
import type { XmlElement } from '../xml/xml-element.js';
import { checkLogoutRequest } from './check-logout-request.js';
import { readPostedRequest, readRedirectedRequest } from './read-logout-message.js';

const FORM_BYTES = LIMITS.samlMessageBytes * 2;
/** Characters of a RelayState that is sent back; the standard allows 80 bytes. */
const RELAY_STATE_LENGTH = 1_024;

/** What came: a request to end sessions here, or the answer to ours. */
interface LogoutPost {
  readonly parameters: URLSearchParams;
  readRequest(certificates: readonly string[]): Promise<Result<XmlElement, SamlRefusal>>;
}

/**
 * GET and POST /sso/saml/{connection}/logout: the single logout service (SAML profiles 4.4). A signed LogoutRequest ends the
 * sessions it names and is answered; a LogoutResponse only ends the way of the browser, for the session here ended before.
 */
export async function takeLogout(
  surface: SamlSurface,
  page: PageRequest,
  request: Request,
): Promise<PageAnswer> {
  const connection = await findConnection(surface, request, 'saml');
  if (connection === undefined) return noConnection(page);
  const post = request.method === 'POST' ? await readPosted(request) : readRedirected(request, page);
  if (post === undefined) return refused(page);
  if (post.parameters.has('SAMLResponse') && !post.parameters.has('SAMLRequest'))
    return redirectTo(`${surface.site.basePath}/login?notice=signed-out`);
  const party = await surface.flow.party(connection);
  const ended = await endSessions(surface, page, request, connection, party, post);
  if (!ended.ok) {
    logRefusal(surface, page.id, connection, ended.error, 'logout by SAML refused');
    return refused(page);
  }
  const relayState = post.parameters.get('RelayState') ?? '';
  const location = await logoutResponseUrl(party, newMessageId(), {
    requestId: ended.value,
    relayState: relayState.length <= RELAY_STATE_LENGTH ? relayState : '',
    isSuccess: true,
  });
  return redirectTo(location ?? `${surface.site.basePath}/login?notice=signed-out`);
}

/** @returns the ID of the request */
async function endSessions(
  { singleLogout, clock, flow, clientAddress }: SamlSurface,
  page: PageRequest,
  request: Request,
  connection: SamlConnection,
  party: SamlParty,
  post: LogoutPost,
): Promise<Result<string, SamlRefusal>> {
  const { organizationId, id: ssoConnectionId, settings } = connection;
  let message = await post.readRequest(party.identityProvider.certificates);
  if (!message.ok && message.error.code === 'signature_invalid' && settings.metadataUrl !== undefined) {
    const renewed = await flow.party(connection, true);
    message = await post.readRequest(renewed.identityProvider.certificates);
  }
  if (!message.ok) return message;
  const logout = checkLogoutRequest(message.value, {
    issuer: settings.idpEntityId,
    logoutUrl: party.serviceProvider.logoutUrl,
    now: clock.now(),
  });
  if (!logout.ok) return logout;
  const { id, nameId, sessionIndex, rememberUntil } = logout.value;
  const ended = await singleLogout.endSessions(
    {
      organizationId,
      actor: { kind: 'sso_connection', id: ssoConnectionId },
      requestId: page.id,
      sourceAddress: clientAddress(request),
    },
    { ssoConnectionId, subject: nameId, sessionIndex, messageId: id, expiresAt: rememberUntil },
  );
  if (ended === 'replayed') return err({ code: 'replayed', detail: 'the logout request was used before' });
  return { ok: true, value: id };
}

function readRedirected(request: Request, { query }: PageRequest): LogoutPost {
  const start = request.url.indexOf('?');
  const raw = start === -1 ? '' : request.url.slice(start + 1);
  return {
    parameters: query,
    readRequest: (certificates) => readRedirectedRequest(raw, certificates),
  };
}

const FORM_TYPE = /^application\/x-www-form-urlencoded *(?:;|$)/i;

async function readPosted(request: Request): Promise<LogoutPost | undefined> {
  if (!FORM_TYPE.test(request.headers['content-type'] ?? '')) return undefined;
  const body = await readBody(request, FORM_BYTES);
  if (!body.ok) return undefined;
  const parameters = new URLSearchParams(body.value.toString('utf8'));
  return {
    parameters,
    readRequest: (certificates) => readPostedRequest(parameters.get('SAMLRequest') ?? '', certificates),
  };
}

const refused = ({ id }: PageRequest): PageAnswer =>
  errorAnswer(
    400,
    'This sign-out could not be carried out',
    'Sign out here at /logout. If it stays like this, the log has the reason under the request id.',
    id,
  );
