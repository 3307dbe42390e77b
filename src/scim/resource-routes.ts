import { listParametersOf } from './list/list-request.js';
import { ScimError } from './errors.js';
import type { ResourceOperations } from './resources/resource-operations.js';
import { readRoute, writeRoute, type ScimRoute } from './routes.js';
import { readSearchRequest } from './search/index.js';
import { unwrap } from './unwrap.js';

export interface ScimOperations {
  readonly users: ResourceOperations;
  readonly groups: ResourceOperations;
  readonly roles: ResourceOperations;
}

/** The routes of one resource type. Those that IdPs use most come first: Express looks through them in order. */
function routesOf(path: string, name: string, operations: ResourceOperations): readonly ScimRoute[] {
  return [
    readRoute('GET', `${path}/:id`, `${name}.get`, (request, id) => operations.read(request, id)),
    readRoute('GET', path, `${name}.list`, (request) =>
      operations.list(request, unwrap(listParametersOf(request.query))),
    ),
    writeRoute('POST', path, `${name}.create`, (request) => operations.create(request)),
    writeRoute('PATCH', `${path}/:id`, `${name}.patch`, (request, id) => operations.patch(request, id)),
    writeRoute('PUT', `${path}/:id`, `${name}.replace`, (request, id) => operations.replace(request, id)),
    readRoute('DELETE', `${path}/:id`, `${name}.delete`, (request, id) => operations.remove(request, id)),
    writeRoute('POST', `${path}/.search`, `${name}.search`, (request) =>
      operations.list(request, readSearchRequest(request.body, request)),
    ),
  ];
}

/** `/Me` is not served (RFC 7644 section 3.11). */
const refuseMe = (): Promise<never> =>
  Promise.reject(
    new ScimError({ status: 501, detail: '/Me is not implemented: a connection is not a user.' }),
  );

export const resourceRoutes = ({ users, groups, roles }: ScimOperations): readonly ScimRoute[] => [
  ...routesOf('/Users', 'users', users),
  ...routesOf('/Groups', 'groups', groups),
  ...routesOf('/Roles', 'roles', roles),
  ...(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method) =>
    readRoute(method, '/Me', 'me', refuseMe),
  ),
];
