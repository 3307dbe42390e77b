import { describe, expect, it } from '@jest/globals';
import { EXPLAINED_CODES, explainFailure } from '../../../../src/directory/provisioning-log/explanations.js';
import { IDP_CLIENTS } from '../../../../src/directory/provisioning-log/log-entry.js';
import { ERROR_CODES } from '../../../../src/kernel/error-codes.js';

/** What SCIM requests are refused with: rules of users, teams and roles, and of requests as such. */
const SCIM_CODES = Object.keys(ERROR_CODES).filter((code) =>
  /^(?:user|team|role|value|resource|database)\./.test(code),
);

describe('what a failed request means', () => {
  it.each([...SCIM_CODES, ...EXPLAINED_CODES])('%s has a cause of its own', (code) => {
    const { cause } = explainFailure(code, 'unknown');
    expect(cause).toMatch(/^[A-Z].*\.$/);
    expect(cause).not.toBe(explainFailure('no such code', 'unknown').cause);
  });

  it.each(EXPLAINED_CODES)('%s is explained in plain sentences for every client', (code) => {
    for (const client of IDP_CLIENTS) {
      const { setting } = explainFailure(code, client);
      if (setting !== undefined) expect(setting).toMatch(/^[A-Z][^.]*(?:\.|: .*\.)$|^[A-Z].*\.$/);
      expect(setting ?? '').not.toMatch(/undefined|\.\.|, *:/);
    }
  });

  it('says where, in the words of the client', () => {
    expect(explainFailure('user.user_name_taken', 'okta').setting).toContain('in Okta');
    expect(explainFailure('user.user_name_taken', 'entra').setting).toContain('in Entra');
    expect(explainFailure('user.user_name_taken', 'unknown').setting).toContain('of the identity provider');
  });

  it('has something to say about what it does not know', () => {
    expect(explainFailure('no.such_code', 'okta')).toEqual({
      cause: 'The request was refused; the detail says why.',
      setting: undefined,
    });
  });
});
