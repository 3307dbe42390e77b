import type { Reply } from '../../support/scim-client.js';
import { readJsonPath } from './json-path.js';

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';
const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const schemasOf = (reply: Reply): unknown[] => {
  const schemas = readJsonPath(reply.body, '$.schemas');
  return Array.isArray(schemas) ? schemas : [];
};

const errorProblems = (reply: Reply): string[] => [
  ...(schemasOf(reply).includes(ERROR_URN) ? [] : ['an error answer lists the Error schema (RFC 7644 3.12)']),
  ...(reply.body.status === String(reply.status)
    ? []
    : ['status in an error body is the status code as a string (RFC 7644 3.12)']),
  ...(isText(reply.body.detail) ? [] : ['an error answer says why in detail']),
];

const createdProblems = (reply: Reply): string[] => {
  const location = reply.headers.get('location');
  return [
    ...(isText(reply.body.id) ? [] : ['201 carries the new resource with its id']),
    ...(isText(location) && location === readJsonPath(reply.body, '$.meta.location')
      ? []
      : ['201 has a Location, and meta.location equals it (RFC 7644 3.3)']),
    ...(reply.headers.has('etag') ? [] : ['201 has an ETag']),
  ];
};

const listProblems = (reply: Reply): string[] => {
  const { totalResults, startIndex, itemsPerPage, Resources = [] } = reply.body;
  return [
    ...([totalResults, startIndex, itemsPerPage].every(Number.isInteger)
      ? []
      : ['totalResults, startIndex and itemsPerPage are integers (Okta reads nothing else)']),
    ...(Resources.length === itemsPerPage
      ? []
      : ['itemsPerPage counts the resources on this page (RFC 7644 3.4.2.4)']),
  ];
};

const versionProblems = (reply: Reply): string[] => {
  const version = readJsonPath(reply.body, '$.meta.version');
  const tag = reply.headers.get('etag');
  return version === undefined || tag === null || tag === version
    ? []
    : ['ETag and meta.version are the same (RFC 7644 3.14)'];
};

/** What is wrong with an answer whoever asked: the rules that every status code brings along. */
export const answerProblems = (reply: Reply): string[] => {
  if (reply.status === 204 || reply.status === 304) {
    return reply.text === '' ? [] : [`${reply.status} has no body`];
  }
  return [
    // MicrosoftDocs/azure-docs#116775: Entra turns every other type down.
    ...(reply.headers.get('content-type')?.startsWith('application/scim+json') === true
      ? []
      : ['the answer is application/scim+json']),
    ...(reply.status >= 400 ? errorProblems(reply) : []),
    ...(reply.status === 201 ? createdProblems(reply) : []),
    ...(schemasOf(reply).includes(LIST_URN) ? listProblems(reply) : versionProblems(reply)),
  ];
};
