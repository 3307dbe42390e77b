/** Groups of routes in the description, in its order. */
export const API_TAGS = {
  Caller: 'Who asks, and what it may do.',
  Organization: 'Settings of the organization.',
  Accounts: 'People and service accounts of the organization.',
  Invitations: 'People who were asked to join, and have not accepted yet.',
  Sessions: 'Browsers in which people are signed in.',
  Teams: 'Teams, their pages and their settings.',
  'Team members': 'Who is in a team, and as what.',
  'Custom roles': 'A predefined team role with more permissions.',
  'API keys': 'Credentials of people and service accounts.',
  Connections: 'SCIM connections of identity providers, and their credentials.',
  'SSO connections': 'Identity providers at which people sign in.',
  Domains: 'E-mail domains, whose people sign in at an SSO connection.',
  'Refused sign-ins': 'Sign-ins that an admin has to decide about.',
  'Mapping rules': "What membership of identity providers' groups gives.",
  Projects: 'Projects of teams, who is in them, and roles that differ from the team role.',
  'Service accounts': 'Accounts of programs, of a team or the organization, and whose their work is.',
  Audit: 'Who changed what, when and from where; what was done on each day, and the seats that are taken.',
} as const satisfies Record<string, string>;

export type ApiTag = keyof typeof API_TAGS;
