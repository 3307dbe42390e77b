import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideSignOn } from '../../src/directory/sign-on/decide-sign-on.js';
import type { SignOnAccount, SignOnFacts } from '../../src/directory/sign-on/sign-on-facts.js';
import type { SsoConnection } from '../../src/directory/sign-on/sso-connection.js';
import { foldCase } from '../../src/kernel/fold.js';

const PAIRED = 'paired';
/** Few names, so that they meet often. */
const names = fc.constantFrom(
  'ada',
  'Ada',
  'ADA@a.example',
  'ada@a.example',
  'eve@b.example',
  'eve@c.example',
);
const keys = names.map(foldCase);
const domains = fc.subarray(['a.example', 'b.example', 'c.example']).map((list) => new Set(list));

const account: fc.Arbitrary<SignOnAccount> = fc.record({
  id: fc.uuid(),
  userNameKey: keys,
  primaryEmailKey: fc.option(keys, { nil: undefined }),
  isActive: fc.boolean(),
  isRemoved: fc.constant(false),
  accountType: fc.constantFrom('USER', 'USER', 'USER', 'SERVICE', 'ORG_SERVICE'),
  isProtected: fc.boolean(),
  organizationRole: fc.constantFrom('admin', 'member', 'viewer'),
  provisionedBy: fc.constantFrom(PAIRED, 'other', undefined),
  isManagedByScim: fc.boolean(),
  isLinkedHere: fc.boolean(),
});

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const facts: fc.Arbitrary<SignOnFacts> = fc.record({
  connection: fc.record({
    provisions: fc.boolean(),
    pairedConnectionId: fc.constantFrom(PAIRED, undefined),
  }) as unknown as fc.Arbitrary<SsoConnection>,
  isProvisioningDisabled: fc.boolean(),
  person: fc.record({
    subject: fc.constant('subject'),
    userName: option(names),
    email: option(names.filter((name) => name.includes('@'))),
    displayName: fc.constant(undefined),
    givenName: fc.constant(undefined),
    familyName: fc.constant(undefined),
    groups: fc.constant(undefined),
  }),
  invitedKeys: fc.subarray(['ada@a.example', 'eve@b.example', 'eve@c.example']).map((list) => new Set(list)),
  verifiedDomains: domains,
  foreignDomains: domains,
  linked: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: account }),
  candidates: fc.uniqueArray(account, { maxLength: 3, selector: ({ userNameKey }) => userNameKey }),
  removed: option(account.map((one) => ({ ...one, isRemoved: true }))),
});

const domainOf = (name: string | undefined): string | undefined => name?.toLowerCase().split('@')[1];

/** Runs a law over many sign-ins. */
const holds = (law: (facts: SignOnFacts, decision: ReturnType<typeof decideSignOn>) => void): void => {
  fc.assert(
    fc.property(facts, (some) => {
      law(some, decideSignOn(some));
    }),
    { numRuns: 5_000 },
  );
};

describe('laws of signing in (product decision)', () => {
  it('no account is linked unless a verified domain or the paired connection vouches for it', () => {
    holds(({ connection, person, verifiedDomains }, decision) => {
      if (decision.kind !== 'link' && decision.kind !== 'restore') return;
      if (decision.kind === 'restore' && decision.because === undefined) return;
      const { account: found } = decision;
      const asserted = [person.userName, person.email].filter((name) => name !== undefined);
      const matches = asserted.filter((name) =>
        [found.userNameKey, found.primaryEmailKey].includes(foldCase(name)),
      );
      expect(matches).not.toEqual([]);
      const isVerified = matches.some((name) => verifiedDomains.has(domainOf(name) ?? ''));
      const isPaired = connection.pairedConnectionId !== undefined && found.provisionedBy === PAIRED;
      expect(isVerified || isPaired).toBe(true);
    });
  });

  it('nobody gets an account that another subject has, that is protected, a service, or deactivated', () => {
    holds((some, decision) => {
      if (decision.kind === 'refuse' || decision.kind === 'create') return;
      expect(decision.account.accountType).toBe('USER');
      if (decision.kind !== 'restore') expect(decision.account.isActive).toBe(true);
      if (some.linked) return;
      expect(decision.account).toMatchObject({ isLinkedHere: false, isProtected: false });
    });
  });

  it('a subject that has an account never gets another one', () => {
    holds(({ linked }, decision) => {
      if (!linked) return;
      expect(decision.kind).toMatch(/^(sign_in|restore|refuse)$/);
      if (decision.kind !== 'create') expect(decision.account).toBe(linked);
    });
  });

  it('nobody is made or brought back where provisioning is off, but who was invited', () => {
    holds(({ connection, isProvisioningDisabled }, decision) => {
      if (decision.kind === 'restore' || (decision.kind === 'create' && !decision.isInvited))
        expect(connection.provisions && !isProvisioningDisabled).toBe(true);
    });
  });

  it("no account is made with a name of a domain that is not this connection's to give", () => {
    holds(({ verifiedDomains, foreignDomains, invitedKeys }, decision) => {
      if (decision.kind !== 'create') return;
      for (const name of [decision.userName, decision.email]) {
        const domain = domainOf(name);
        if (name === undefined || domain === undefined) continue;
        expect(foreignDomains.has(domain)).toBe(false);
        if (invitedKeys.has(foldCase(name))) continue;
        if (verifiedDomains.size > 0) expect(verifiedDomains.has(domain)).toBe(true);
      }
    });
  });

  it('no account is made while a live one has the name', () => {
    holds(({ candidates }, decision) => {
      if (decision.kind !== 'create') return;
      expect(candidates.map(({ userNameKey }) => userNameKey)).not.toContain(foldCase(decision.userName));
    });
  });
});
