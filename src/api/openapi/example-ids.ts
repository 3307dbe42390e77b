/** Ids that the examples of the description carry, by the parameter that takes them. */
export const EXAMPLE_IDS: Readonly<Record<string, string>> = {
  userId: '019aa001-7a10-7c3e-9b1f-3f2a5b6c7d01',
  apiKeyId: '019aa004-2b10-7f41-8e22-5d6c7b8a9f06',
  projectId: '019aa005-6d30-7a52-9c41-7e8f9a0b1c07',
};
