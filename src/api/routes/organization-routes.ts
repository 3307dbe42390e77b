import { defineRoute, ok, type Route } from '../frame/route.js';
import { organizationChangeSchema, organizationSchema, organizationToWire } from '../schemas/organization.js';

const PATH = '/api/v1/organization';
const TAG = 'Organization';

export const organizationRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: PATH,
    operationId: 'organization.get',
    tag: TAG,
    summary: "Read the caller's organization",
    permission: 'self',
    isVersioned: true,
    answers: { 200: { description: 'The organization.', schema: organizationSchema } },
    handle: async ({ organizations }, { context }) => {
      const settings = await organizations.get(context.organizationId);
      return ok(organizationToWire(settings), settings);
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: PATH,
    operationId: 'organization.update',
    tag: TAG,
    summary: "Change the organization's settings",
    permission: 'system:configure',
    isVersioned: true,
    body: organizationChangeSchema,
    bodyExamples: {
      name: { summary: 'What people see', value: { displayName: 'Example Labs' } },
      privacy: {
        summary: 'Every team keeps its new projects to itself; who sees a team is left to it',
        value: { enforcedPrivacy: { projects: 'private', hideFromNonMembers: null } },
      },
    },
    answers: { 200: { description: 'The organization as it is now.', schema: organizationSchema } },
    handle: async ({ organizations }, { context, body, expectedVersion }) => {
      const settings = await organizations.update(context, body, expectedVersion);
      return ok(organizationToWire(settings), settings);
    },
  }),
];
