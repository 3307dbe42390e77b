import { beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../../../support/browser.js';
import { person } from '../../../support/openid-provider.js';
import type { TestOrganization } from '../../../support/server.js';
import { connect, signIn, useWorld, whoIs } from './support/world.js';

const ADA = person({ id: 'ada', email: 'ada@example.com', groups: ['Research', 'research ops', 'Unknown'] });
const GRACE = person({ id: 'grace', email: 'grace@example.com' });
const LINUS = person({ id: 'linus', email: 'linus@example.com' });
const PEOPLE = [ADA, GRACE, LINUS];

const createTeam = async ({ scim }: TestOrganization, displayName: string, members: string[] = []) => {
  const { body } = await scim.post('/Groups', { displayName, members: members.map((value) => ({ value })) });
  return String(body.id);
};

const membersOf = async ({ scim }: TestOrganization, teamId: string): Promise<readonly string[]> => {
  const { body } = await scim.get(`/Groups/${teamId}`);
  return (body.members ?? []).map(({ value }: { value: string }) => value);
};

describe('DISABLE_SSO_PROVISIONING=true (product decision)', () => {
  const { server, provider } = useWorld(PEOPLE, { env: { DISABLE_SSO_PROVISIONING: 'true' } });

  it('keeps a person without an account out, with a page that says what to ask for, and a reference', async () => {
    const organization = await server().organization();
    const connected = await connect(server(), provider(), organization, { provisions: true });
    const browser = new Browser();
    const page = await signIn(browser, connected, ADA);
    expect(page.status).toBe(403);
    expect(page.text).toContain('Ask an admin of your organization to invite you');
    expect(page.text).toContain(`<code>${page.headers.get('x-request-id')}</code>`);
    expect(await whoIs(server(), browser)).toBeUndefined();
    const { body } = await organization.scim.get('/Users?count=0');
    expect(body.totalResults).toBe(1);
  });

  it('lets in whom SCIM has provisioned, at the paired connection', async () => {
    const organization = await server().organization();
    const { body } = await organization.scim.post('/Users', { userName: ADA.userName });
    const { connectionId: pairedConnectionId } = organization;
    const connected = await connect(server(), provider(), organization, { pairedConnectionId });
    const browser = new Browser();
    await signIn(browser, connected, ADA);
    expect((await whoIs(server(), browser))?.userId).toBe(body.id);
  });
});

describe('provisioning at the first sign-in (product decision)', () => {
  const { server, provider } = useWorld(PEOPLE, {
    env: { SEAT_LIMIT: '2', ENABLE_SSO_GROUP_CLAIMS: 'true' },
  });
  let organization: TestOrganization;
  beforeAll(async () => {
    organization = await server().organization();
  });

  it('gives the role of the connection', async () => {
    const elsewhere = await server().organization();
    const connected = await connect(server(), provider(), elsewhere, { defaultRole: 'viewer' });
    const browser = new Browser();
    await signIn(browser, connected, GRACE);
    expect(await whoIs(server(), browser)).toMatchObject({ organizationRole: 'viewer' });
  });

  it('does not happen when the connection does not provision', async () => {
    const connected = await connect(server(), provider(), organization, { provisions: false });
    const page = await signIn(new Browser(), connected, ADA);
    expect(page.status).toBe(403);
    expect(page.text).toContain('You need an invitation');
  });

  it('ends where the seats end, with a page that says so', async () => {
    const connected = await connect(server(), provider(), organization);
    await signIn(new Browser(), connected, GRACE);
    const browser = new Browser();
    const page = await signIn(browser, connected, LINUS);
    expect(page.status).toBe(403);
    expect(page.text).toContain('Seat limit reached');
    expect(await whoIs(server(), browser)).toBeUndefined();
  });

  it('puts the person into the teams that the groups name, and takes them out again', async () => {
    const elsewhere = await server().organization();
    const research = await createTeam(elsewhere, 'research');
    const operations = await createTeam(elsewhere, 'Research Ops');
    const connected = await connect(server(), provider(), elsewhere);
    const browser = new Browser();
    await signIn(browser, connected, ADA);
    const userId = (await whoIs(server(), browser))!.userId;
    expect(await membersOf(elsewhere, research)).toEqual([userId]);
    expect(await membersOf(elsewhere, operations)).toEqual([userId]);

    provider().misbehave({ claims: (claims) => ({ ...claims, groups: 'Research Ops' }) });
    await signIn(browser, connected, ADA);
    expect(await membersOf(elsewhere, research)).toEqual([]);
    expect(await membersOf(elsewhere, operations)).toEqual([userId]);

    // Entra leaves groups out when there are too many: nothing is known, so nothing changes.
    provider().misbehave({
      claims: ({ groups: _groups, ...claims }) => ({ ...claims, _claim_names: { groups: 'src1' } }),
    });
    await signIn(browser, connected, ADA);
    expect(await membersOf(elsewhere, operations)).toEqual([userId]);

    provider().misbehave({ claims: (claims) => ({ ...claims, groups: [] }) });
    await signIn(browser, connected, ADA);
    provider().misbehave({});
    expect(await membersOf(elsewhere, operations)).toEqual([]);
  });
});
