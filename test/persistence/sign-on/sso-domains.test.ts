import { beforeAll, describe, expect, it } from '@jest/globals';
import { challengeOf } from '../../../src/directory/sign-on/sso-domain-service.js';
import type { SsoConnection } from '../../../src/directory/sign-on/sso-connection.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import type { TestOrganization } from '../../support/server.js';
import { AuditTrail } from '../support/audit-trail.js';
import { oidcDraft } from '../support/sso-connections.js';
import { useServer } from '../support/use-server.js';

/** The DNS of the tests: records by name, and names whose servers do not answer. */
const records = new Map<string, readonly string[]>();
const unreachable = new Set<string>();
const outside = {
  resolveTxt: (name: string): Promise<readonly string[]> =>
    unreachable.has(name) ? Promise.reject(new Error('ETIMEOUT')) : Promise.resolve(records.get(name) ?? []),
};
const server = useServer({ outside });
const domains = () => server().services.ssoDomains;

let organization: TestOrganization;
let connection: SsoConnection;
let serial = 0;

beforeAll(async () => {
  organization = await server().organization();
  connection = await connect(organization);
});

const connect = ({ context }: TestOrganization) =>
  server().services.ssoConnections.create(context, {
    ...oidcDraft(`idp-${(serial += 1)}`),
    options: { isEnabled: true },
  });

const newDomain = () => `domain-${(serial += 1)}.example.com`;

describe('a domain is verified by its DNS (product decision)', () => {
  it('when the TXT record has the challenge, among others and in any white space', async () => {
    const { context } = organization;
    const name = newDomain();
    const trail = await AuditTrail.start(server(), organization.id);
    const domain = await domains().create(context, connection.id, name.toUpperCase());
    expect(domain).toMatchObject({ domain: name, verifiedAt: undefined });
    const { recordName, recordValue } = challengeOf(domain);
    expect(recordName).toBe(`_rollcall-challenge.${name}`);
    expect(recordValue).toMatch(/^rollcall-domain-verification=[\w-]{43}$/);
    expect(await server().services.ssoConnections.findByDomain(`ada@${name}`)).toBeUndefined();

    records.set(recordName, ['v=spf1 -all', ` ${recordValue} `]);
    expect((await domains().verify(context, domain.id)).verifiedAt).toBeDefined();
    expect(await server().services.ssoConnections.findByDomain(`ada@${name}`)).toMatchObject({
      id: connection.id,
    });
    expect((await trail.news()).map(({ action }) => action)).toEqual([
      'sso_domain:create',
      'sso_domain:verify',
    ]);
    await domains().verify(context, domain.id);
    expect(await trail.news()).toEqual([]);
  });

  it.each<readonly [string, (value: string) => readonly string[]]>([
    ['there is none', () => []],
    ['it says something else', () => ['rollcall-domain-verification=', 'x']],
    ['it only begins with the challenge', (value) => [`${value}x`]],
    ['it has the challenge of another domain', () => [`rollcall-domain-verification=${'a'.repeat(43)}`]],
  ])('and not when %s', async (_case, says) => {
    const domain = await domains().create(organization.context, connection.id, newDomain());
    const { recordName, recordValue } = challengeOf(domain);
    records.set(recordName, says(recordValue));
    await expect(domains().verify(organization.context, domain.id)).rejects.toMatchObject({
      code: 'sso_domain.challenge_missing',
      detail: expect.stringContaining(recordName),
    });
    expect((await domains().get(organization.id, domain.id)).verifiedAt).toBeUndefined();
  });

  it('and an outage of the DNS is one, not a missing record', async () => {
    const domain = await domains().create(organization.context, connection.id, newDomain());
    unreachable.add(challengeOf(domain).recordName);
    await expect(domains().verify(organization.context, domain.id)).rejects.toMatchObject({
      code: 'sso_domain.dns_unavailable',
      kind: 'unavailable',
    });
  });

  it('for the organization that shows the record first: another one cannot have it too', async () => {
    const other = await server().organization();
    const elsewhere = await connect(other);
    const name = newDomain();
    const [mine, theirs] = [
      await domains().create(organization.context, connection.id, name),
      await domains().create(other.context, elsewhere.id, name),
    ];
    expect(mine.challenge).not.toBe(theirs.challenge);
    records.set(challengeOf(mine).recordName, [mine.challenge, theirs.challenge]);
    await domains().verify(other.context, theirs.id);
    await expect(domains().verify(organization.context, mine.id)).rejects.toMatchObject({
      code: 'sso_domain.taken',
    });
    expect(await server().services.ssoConnections.findByDomain(name)).toMatchObject({ id: elsewhere.id });
  });
});

describe('a domain (product decision)', () => {
  it.each([
    '',
    'localhost',
    'a b.com',
    'http://example.com',
    'example',
    '-x.com',
    `${'x'.repeat(64)}.com`,
    '192.0.2.1',
  ])('is a host name of two labels or more, not %j', async (name) => {
    await expect(domains().create(organization.context, connection.id, name)).rejects.toMatchObject({
      code: 'sso_domain.invalid',
      field: 'domain',
    });
  });

  it('is registered once in an organization, in whichever spelling', async () => {
    const name = newDomain();
    await domains().create(organization.context, connection.id, name);
    await expect(
      domains().create(organization.context, connection.id, `${name.toUpperCase()}.`),
    ).rejects.toMatchObject({
      code: 'sso_domain.taken',
    });
  });

  it('belongs to a connection of the organization', async () => {
    const other = await server().organization();
    await expect(domains().create(other.context, connection.id, newDomain())).rejects.toMatchObject({
      code: 'sso_connection.not_found',
    });
  });

  it('is unknown to other organizations', async () => {
    const { id } = await domains().create(organization.context, connection.id, newDomain());
    const { context } = await server().organization();
    const missing = { code: 'sso_domain.not_found' };
    await expect(domains().get(context.organizationId, id)).rejects.toMatchObject(missing);
    await expect(domains().verify(context, id)).rejects.toMatchObject(missing);
    await expect(domains().delete(context, id)).rejects.toMatchObject(missing);
    await expect(domains().assign(context, id, connection.id)).rejects.toMatchObject(missing);
  });

  it('sends nobody anywhere any more once it is deleted', async () => {
    const name = newDomain();
    const { id } = await domains().verifyByOperator(organization.context, connection.id, name);
    expect(await server().services.ssoConnections.findByDomain(name)).toBeDefined();
    await domains().delete(organization.context, id);
    expect(await server().services.ssoConnections.findByDomain(name)).toBeUndefined();
  });

  it(`is one of ${LIMITS.domainsPerOrganization} at most`, async () => {
    const crowded = await server().organization();
    const { id } = await connect(crowded);
    for (let count = 0; count < LIMITS.domainsPerOrganization; count += 1)
      await domains().create(crowded.context, id, newDomain());
    await expect(domains().create(crowded.context, id, newDomain())).rejects.toMatchObject({
      code: 'sso_domain.limit_reached',
    });
  });
});

describe('the operator’s word (product decision)', () => {
  it('verifies a domain without the DNS, registered or not, and moves it', async () => {
    const { context } = organization;
    const name = newDomain();
    const registered = await domains().create(context, connection.id, name);
    const second = await connect(organization);
    expect(await domains().verifyByOperator(context, second.id, name)).toMatchObject({
      id: registered.id,
      ssoConnectionId: second.id,
      verifiedAt: expect.any(String),
    });
    expect(await domains().verifyByOperator(context, second.id, newDomain())).toMatchObject({
      verifiedAt: expect.any(String),
    });
  });
});
