/** Ids that the examples of the description carry, by the parameter that takes them. */
export const EXAMPLE_IDS: Readonly<Record<string, string>> = {
  userId: '019aa001-7a10-7c3e-9b1f-3f2a5b6c7d01',
  sessionId: '019aa004-2b11-7f42-8e23-6d7c8b9a0f07',
  teamId: '019aa002-11f0-7b21-a4d3-9e8f7a6b5c03',
  roleId: '019aa003-4c2d-7e90-b6a1-0f1e2d3c4b04',
  apiKeyId: '019aa004-2b10-7f41-8e22-5d6c7b8a9f06',
  projectId: '019aa005-6d30-7a52-9c41-7e8f9a0b1c07',
  connectionId: '019aa000-7d10-7a11-8b01-1c2d3e4f5a10',
  tokenId: '019aa000-7d11-7a12-8b02-2c3d4e5f6a11',
  ssoConnectionId: '019aa005-6b31-7c52-9f13-8a7b6c5d4e07',
  domainId: '019aa005-6b34-7c55-9f16-1b0c9d8e7f0a',
  signOnReviewId: '019aa005-6b32-7c53-9f14-9a8b7c6d5e08',
  mappingRuleId: '019aa005-6b33-7c54-9f15-0a9b8c7d6e09',
  invitationId: '019aa004-2b10-7c3e-9a41-7f20d3b8e611',
  serviceAccountId: '019aa006-1c20-7d63-8b52-4a5b6c7d8e08',
};
