/** Groups of routes in the description, in its order. */
export const API_TAGS = {
  Caller: 'Who asks, and what it may do.',
  Organization: 'Settings of the organization.',
  Accounts: 'People and service accounts of the organization.',
  'API keys': 'Credentials of people and service accounts.',
} as const satisfies Record<string, string>;

export type ApiTag = keyof typeof API_TAGS;
