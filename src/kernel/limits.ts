/** Every limit the server enforces. ServiceProviderConfig and openapi.yaml advertise these same constants. */
export const LIMITS = {
  /** Bytes of a request body on any surface; also the advertised Bulk maxPayloadSize. */
  bodyBytes: 8_388_608,
  /** Operations in one Bulk request (RFC 7644 section 3.7). */
  bulkOperations: 1_000,
  /** Operations in one PATCH request. */
  patchOperations: 1_000,
  /** Resources on one page; a larger count is cut to it. */
  pageSize: 1_000,
  defaultPageSize: 100,
  /** Seconds a cursor stays valid (RFC 9865 section 2.2). */
  cursorSeconds: 3_600,
  /** Characters of a filter, a PATCH path, an attributes list or a sortBy. */
  expressionLength: 10_000,
  /** Parentheses, brackets and `not` inside each other. */
  filterDepth: 32,
  /** Comparisons and presence tests in one filter. */
  filterTerms: 200,
  /** Arrays and objects inside each other in a body. */
  jsonDepth: 32,
  /** Characters of one string value in a resource. */
  stringLength: 8_192,
  /** Characters of names that are compared: userName, displayName of a team, name of a role. */
  nameLength: 256,
  /** Characters of an externalId, which filters look up by an index. */
  externalIdLength: 512,
  /** Elements of one multi-valued attribute other than members. */
  valuesPerAttribute: 500,
  /** Characters of all attributes of one user, as JSON. */
  profileLength: 131_072,
  /** Selections of members by a filter in one PATCH or Bulk: each looks at every member. */
  memberSelections: 10,
  /** Team roles in one request. */
  teamRolesPerRequest: 500,
  /** Characters of a team's introduction. */
  teamIntroductionLength: 20_000,
  /** Links on a team's page. */
  teamLinks: 20,
  /** Live API keys of one account. */
  apiKeysPerUser: 100,
  /** Days after which an API key expires at the latest, when it expires at all. */
  apiKeyDays: 366,
  /** Characters of the name of a connection. */
  connectionNameLength: 100,
  /** Characters of what an identity provider calls a person (OpenID Connect Core 1.0 section 2: 255). */
  subjectLength: 512,
  /** Groups that an identity provider names at one sign-in; a longer list is not taken for the person's whole list. */
  groupsPerSignIn: 1_000,
  /** Characters of the name of an identity provider's group, which may be a distinguished name. */
  groupNameLength: 512,
  /** Mapping rules of one connection. */
  mappingRulesPerConnection: 500,
  /** Bytes of a request to the access evaluation API. */
  accessBodyBytes: 1_048_576,
  /** Evaluations in one request to the access evaluation API. */
  accessEvaluations: 1_000,
  /** Addresses in one request that invites. */
  invitationsPerRequest: 100,
  /** Characters of the request target. */
  urlLength: 32_768,
  /** Bytes of a form of a page. */
  formBytes: 16_384,
  /** Sessions of one person at a time; beyond that the one used longest ago ends. */
  sessionsPerUser: 100,
  /** E-mail domains of one organization. */
  domainsPerOrganization: 100,
  /** Characters kept of what a browser calls itself. */
  userAgentLength: 256,
  /** Bytes of one SAML message, decoded. */
  samlMessageBytes: 524_288,
  /** Days of activity in one request. */
  activityDays: 366,
  /** Whole months before this one of which it is kept who was active. */
  activityMonths: 24,
} as const;
