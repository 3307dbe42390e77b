import { z } from 'zod';
import { SIGN_IN_METHODS, type Session } from '../../directory/sessions/session.js';
import { selfOr } from '../frame/permissions.js';
import { defineRoute, noContent, ok, type Route } from '../frame/route.js';
import { id, instant, orNull } from '../schemas/common.js';

const PATH = '/api/v1/users/{userId}/sessions';
const TAG = 'Sessions';

const params = z.strictObject({ userId: id });
const MAY_SEE = selfOr('organization:deactivate_user');

const sessionSchema = z
  .strictObject({
    id,
    isCurrent: z.boolean().meta({ description: 'Whether the request came with this session.' }),
    method: z.enum(SIGN_IN_METHODS).meta({ description: 'How the person signed in.' }),
    ssoConnectionId: id.nullable().meta({ description: 'Where, for `saml` and `oidc`.' }),
    createdAt: instant,
    lastSeenAt: instant.meta({ description: 'To the minute.' }),
    expiresAt: instant.meta({ description: 'Use does not move it.' }),
    sourceAddress: z.string().nullable().meta({ description: 'Where the sign-in came from.' }),
    userAgent: z.string().nullable().meta({ description: 'What the browser called itself.' }),
  })
  .meta({ id: 'Session', description: 'A browser in which a person is signed in.' });

const sessionToWire = (session: Session, currentId: string) => ({
  id: session.id,
  isCurrent: session.id === currentId,
  method: session.method,
  ssoConnectionId: orNull(session.ssoConnectionId),
  createdAt: session.createdAt,
  lastSeenAt: session.lastSeenAt,
  expiresAt: session.expiresAt,
  sourceAddress: orNull(session.sourceAddress),
  userAgent: orNull(session.userAgent),
});

export const sessionRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'sessions.list',
    tag: TAG,
    summary: "List a person's sessions",
    description: 'Live ones, the last used first.',
    permission: MAY_SEE,
    params,
    answers: {
      200: { description: 'The sessions.', schema: z.strictObject({ items: z.array(sessionSchema) }) },
    },
    problems: ['user.not_found'],
    handle: async ({ sessions }, { context, params: { userId } }) => {
      const found = await sessions.listOf(context.organizationId, userId);
      const { credential } = context.principal;
      return ok({ items: found.map((session) => sessionToWire(session, credential.id)) });
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: PATH,
    operationId: 'sessions.endAll',
    tag: TAG,
    summary: "End a person's sessions",
    description: 'All of them, but for the one that the request came with.',
    permission: MAY_SEE,
    params,
    answers: { 204: { description: 'They have ended.' } },
    problems: ['user.not_found'],
    handle: async ({ sessions }, { context, params: { userId } }) => {
      await sessions.endAllOf(context, userId, context.principal.credential.id);
      return noContent;
    },
  }),
  defineRoute<{ readonly userId: string; readonly sessionId: string }>({
    method: 'DELETE',
    path: `${PATH}/{sessionId}`,
    operationId: 'sessions.end',
    tag: TAG,
    summary: 'End a session',
    permission: MAY_SEE,
    params: z.strictObject({ userId: id, sessionId: id }),
    answers: { 204: { description: 'It has ended.' } },
    problems: ['session.not_found'],
    handle: async ({ sessions }, { context, params: { userId, sessionId } }) => {
      await sessions.end(context, userId, sessionId);
      return noContent;
    },
  }),
];
