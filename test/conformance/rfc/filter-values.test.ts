import { describe, expect, it } from '@jest/globals';
import { expectError, expectStatus } from './support/assertions.js';
import { createUser, matching, withQuery, type Resource } from './support/resources.js';
import { ENTERPRISE, ROLLCALL, SEARCH_REQUEST } from './support/urns.js';
import { useServer } from './support/use-server.js';

const server = useServer();

/** A moment as RFC 3339 text in a zone of whole hours, `seconds` away from the given moment. */
function inZone(moment: string, seconds: number, hours: number): string {
  const local = new Date(Date.parse(moment) + seconds * 1000 + hours * 3_600_000).toISOString().slice(0, -1);
  return `${local}${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`;
}

describe('rule 10: order comparisons by type (RFC 7644 Table 3)', () => {
  it.each([
    'active gt true',
    'active le false',
    'x509Certificates.value ge "AQID"',
    'emails[primary lt true]',
  ])('rule 10: %s is 400 invalidFilter (RFC 7644 Table 3)', async (filter) => {
    const { scim } = await server.organization();
    expectError(await scim.get(withQuery('/Users', { filter })), 400, 'invalidFilter');
  });

  it('rule 10: dateTime is compared as a moment, whatever the offset (RFC 7644 Table 3)', async () => {
    const { scim } = await server.organization();
    const { meta } = await createUser(scim, { userName: 'ada' });
    // The local text of these zones sorts the other way round than the moments do.
    const before = inZone(meta.created, -1, 14);
    const after = inZone(meta.created, 1, -12);
    const cases: readonly [string, string[]][] = [
      [`meta.created gt "${before}"`, ['ada']],
      [`meta.created ge "${before}"`, ['ada']],
      [`meta.created lt "${after}"`, ['ada']],
      [`meta.created le "${after}"`, ['ada']],
      [`meta.created lt "${before}"`, []],
      [`meta.created gt "${after}"`, []],
      [`meta.created eq "${before}"`, []],
    ];
    for (const [filter, names] of cases)
      expect([filter, await matching(scim, '/Users', `userName eq "ada" and ${filter}`)]).toEqual([
        filter,
        names,
      ]);
  });

  it('rule 10: takes up to seven fractional digits (Microsoft inbound poller)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'ada' });
    const filter =
      'userName eq "ada" and (meta.lastModified ge "0001-01-03T00:00:00.0000000Z" and meta.lastModified le "9999-12-31T23:59:59.8420572Z")';
    expect(await matching(scim, '/Users', filter)).toEqual(['ada']);
  });

  it('rule 10: strings are compared in order (RFC 7644 Table 3)', async () => {
    const { scim } = await server.organization();
    for (const title of ['a', 'b', 'c']) await createUser(scim, { userName: title, title });
    expect(await matching(scim, '/Users', 'title gt "b"')).toEqual(['c']);
    expect(await matching(scim, '/Users', 'title ge "b"')).toEqual(['b', 'c']);
    expect(await matching(scim, '/Users', 'title lt "b"')).toEqual(['a']);
    expect(await matching(scim, '/Users', 'title le "b"')).toEqual(['a', 'b']);
  });

  it('sw, ew and co select by start, end and part, wildcards being plain text (RFC 7644 Table 3)', async () => {
    const { scim } = await server.organization();
    for (const userName of ['50%-off', '50-off', 'a_b', 'axb']) await createUser(scim, { userName });
    expect(await matching(scim, '/Users', 'userName sw "50%"')).toEqual(['50%-off']);
    expect(await matching(scim, '/Users', 'userName co "a_b"')).toEqual(['a_b']);
    expect(await matching(scim, '/Users', 'userName ew "-off"')).toEqual(['50%-off', '50-off']);
  });
});

describe('rule 11: literals (RFC 7644 3.4.2.2, RFC 7159)', () => {
  it('rule 11: strings take every JSON escape and surrogate pairs (RFC 7159 7)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'quoted', displayName: 'say "hi" \\ / \u00e9 \u{1f600}' });
    const filter = String.raw`displayName eq "say \"hi\" \\ \/ \u00e9 \ud83d\ude00"`;
    expect(await matching(scim, '/Users', filter)).toEqual(['quoted']);
  });

  it('rule 11: operators and parentheses inside a string are text (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'odd', title: 'a) or (b and "c] eq' });
    expect(await matching(scim, '/Users', String.raw`title eq "a) or (b and \"c] eq"`)).toEqual(['odd']);
  });

  it('rule 11: true, false and numbers are bare (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'on' });
    await createUser(scim, { userName: 'off', active: false });
    expect(await matching(scim, '/Users', 'active eq false')).toEqual(['off']);
    expect(await matching(scim, '/Users', 'userName eq "on" and active eq true')).toEqual(['on']);
    expectStatus(await scim.get(withQuery('/Users', { filter: 'daysActive ge 1' })), 200);
  });

  it('rule 11: eq null is the same as not pr (RFC 7643 2.5)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'with', title: 'x' });
    await createUser(scim, { userName: 'without' });
    const both = '(userName eq "with" or userName eq "without")';
    expect(await matching(scim, '/Users', `${both} and title eq null`)).toEqual(['without']);
  });

  it('rule 11: a strict connection refuses single quotes with 400 invalidFilter (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization({ mode: 'strict' });
    expectError(await scim.get(withQuery('/Users', { filter: "userName eq 'ada'" })), 400, 'invalidFilter');
  });
});

describe('rule 12: attributes of a filter (RFC 7644 3.4.2.2)', () => {
  it.each([
    'unheardOf eq "x"',
    'name.unheardOf eq "x"',
    'userName.sub eq "x"',
    'emails[unheardOf eq "x"]',
    'constructor pr',
  ])('rule 12: %s names an unknown attribute: 400 invalidFilter (product decision)', async (filter) => {
    const { scim } = await server.organization();
    expectError(await scim.get(withQuery('/Users', { filter })), 400, 'invalidFilter');
  });

  it('rule 12: bare extension names are known (product decision)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, {
      userName: 'ada',
      [ENTERPRISE]: { department: 'R&D' },
      [ROLLCALL]: { organizationRole: 'viewer' },
    });
    for (const filter of [
      'department eq "R&D"',
      'organizationRole eq "viewer"',
      `${ROLLCALL}:organizationRole eq "viewer"`,
    ])
      expect([filter, await matching(scim, '/Users', filter)]).toEqual([filter, ['ada']]);
  });
});

describe('rule 13: broken filters (RFC 7644 3.4.2.2)', () => {
  it.each([
    'userName',
    'userName eq',
    'eq "a"',
    'userName xx "a"',
    'userName = "a"',
    'userName eq "a" and',
    'userName eq "a" or',
    'and userName eq "a"',
    'userName eq "a" and and userName eq "b"',
    'userName eq "a" userName eq "b"',
    '(userName eq "a"',
    'userName eq "a")',
    '()',
    'userName eq "a',
    'userName eq "\\x"',
    'userName pr "a"',
    'emails[type eq "work"',
    'emails[]',
    'emails]type eq "work"[',
    'userName[type eq "work"]',
    'name. eq "a"',
    '.userName eq "a"',
    'name..givenName eq "a"',
    'active eq tru',
    'not',
    'not ()',
    'title eq {"a":1}',
    'title eq ["a"]',
  ])('rule 13: %j is 400 invalidFilter (RFC 7644 3.4.2.2)', async (filter) => {
    const { scim } = await server.organization();
    expectError(await scim.get(withQuery('/Users', { filter })), 400, 'invalidFilter');
  });

  const nested = (depth: number): string => '('.repeat(depth) + 'userName pr' + ')'.repeat(depth);

  it.each([
    ['a filter of 200 kB', `userName eq "${'a'.repeat(200_000)}"`],
    ['parentheses 2,000 deep', nested(2_000)],
    ['parentheses 2,000 deep and never closed', '('.repeat(2_000)],
    ['not 1,500 deep', 'not ('.repeat(1_500) + 'userName pr' + ')'.repeat(1_500)],
    ['a chain of 20,000 terms', Array.from({ length: 20_000 }, () => 'title pr').join(' or ')],
    ['150 kB of white space', `userName${' '.repeat(150_000)}`],
  ])('rule 13: %s is refused with 400 (product decision)', async (_what, filter) => {
    const { scim } = await server.organization();
    const reply = await scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], filter });
    expectError(reply, 400, 'invalidFilter', 'tooMany');
  });
});

describe('rule 14: case exactness (RFC 7643 2.2)', () => {
  it('rule 14: userName and emails compare in any case (RFC 7643 4.1.1)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'Ada@Ex.test', emails: [{ value: 'Ada@Ex.test', type: 'work' }] });
    for (const filter of [
      'userName eq "ADA@EX.TEST"',
      'userName sw "aDA"',
      'userName co "@eX.tE"',
      'emails.value eq "ada@ex.test"',
      'emails[type eq "WORK" and value ew "EX.TEST"]',
    ])
      expect([filter, await matching(scim, '/Users', filter)]).toEqual([filter, ['Ada@Ex.test']]);
  });

  it('rule 14: id, externalId and meta.version compare exactly (RFC 7643 3.1)', async () => {
    const { scim } = await server.organization();
    const user: Resource = await createUser(scim, { userName: 'ada', externalId: 'AbC' });
    const version = JSON.stringify(user.meta.version);
    const cases: readonly [string, string[]][] = [
      [`id eq "${user.id}"`, ['ada']],
      [`id eq "${user.id.toUpperCase()}"`, []],
      ['externalId eq "AbC"', ['ada']],
      ['externalId eq "abc"', []],
      ['externalId sw "ab"', []],
      [`id eq "${user.id}" and meta.version eq ${version}`, ['ada']],
      [`id eq "${user.id}" and meta.version eq ${version.toLowerCase()}`, []],
    ];
    for (const [filter, names] of cases)
      expect([filter, await matching(scim, '/Users', filter)]).toEqual([filter, names]);
  });

  it('an id that is no UUID matches nothing, without an error (RFC 7644 3.4.2.2)', async () => {
    const { scim } = await server.organization();
    expect(await matching(scim, '/Users', 'id eq "1"')).toEqual([]);
    expect(await matching(scim, '/Groups', 'members eq "not-a-uuid"')).toEqual([]);
  });
});

describe('rule 15: Unicode user names (RFC 7643 4.1.1, RFC 8265)', () => {
  it.each([
    ['sharp s and SS', 'stra\u00dfe@ex.test', 'STRASSE@ex.test'],
    ['NFC and NFD', 'andr\u00e9@ex.test', 'ANDRE\u0301@ex.test'],
    ['full-width and ASCII letters', '\uff41da@ex.test', 'ada@ex.test'],
    ['final and plain sigma', '\u03bf\u03c2@ex.test', '\u039f\u03a3@ex.test'],
    ['I and i, without Turkish rules', 'ILKER@ex.test', 'ilker@ex.test'],
  ])('rule 15: %s are the same user name (RFC 7643 4.1.1)', async (_what, first, second) => {
    const { scim } = await server.organization();
    const user = await createUser(scim, { userName: first });
    expectError(await scim.post('/Users', { schemas: user.schemas, userName: second }), 409, 'uniqueness');
    expect(await matching(scim, '/Users', `userName eq ${JSON.stringify(second)}`)).toEqual([first]);
  });

  it('rule 15: the dotless i is another letter (Unicode default case folding)', async () => {
    const { scim } = await server.organization();
    await createUser(scim, { userName: 'ilker@ex.test' });
    await createUser(scim, { userName: '\u0131lker@ex.test' });
    expect(await matching(scim, '/Users', 'userName eq "ilker@ex.test"')).toEqual(['ilker@ex.test']);
  });
});
