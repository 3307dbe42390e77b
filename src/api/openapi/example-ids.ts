/** Ids that the examples of the description carry, by the parameter that takes them. */
export const EXAMPLE_IDS: Readonly<Record<string, string>> = {
  apiKeyId: '019aa004-2b10-7f41-8e22-5d6c7b8a9f06',
};
