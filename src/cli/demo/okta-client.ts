/**
 * Okta as a SCIM client (Okta developer documentation, SCIM 2.0 protocol reference and FAQ). Half of the people are
 * updated as by apps of the App Integration Wizard, which read a user and PUT it back, the other half as by apps of the
 * catalog, which PATCH without a path.
 */
import type { JsonObject } from '../../kernel/json.js';
import { KnownIds, membersOf, type IdentityProvider } from './identity-provider.js';
import type { Person } from './people.js';
import { oktaPlan, type Move } from './plan.js';
import type { Recorder } from './recorder.js';
import { ScimClient } from './scim-client.js';
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from './scim-messages.js';

/** oktadeveloper/okta-blog-archive#1956. */
const HEADERS = {
  always: {
    'User-Agent': 'Okta SCIM Client 1.0.0',
    Accept: 'application/scim+json',
    'Accept-Charset': 'utf-8',
    Connection: 'Keep-Alive',
    'Content-Type': 'application/scim+json; charset=utf-8',
  },
  withBody: {},
};
/** Sent with every user, even when password sync is off. */
const PLACEHOLDER_PASSWORD = 'x9Yz-placeholder';

export class OktaClient implements IdentityProvider {
  readonly name = 'Okta';
  readonly plan = oktaPlan;
  readonly #client: ScimClient;
  readonly #ids = new KnownIds();

  constructor(baseUrl: string, token: string, recorder: Recorder) {
    this.#client = new ScimClient({ baseUrl, token, headers: HEADERS, recorder });
  }

  testConnection(): Promise<void> {
    return this.#client.test(this.name, '/Users?startIndex=1&count=2');
  }

  async provisionUser(person: Person): Promise<void> {
    const filter = encodeURIComponent(`userName eq "${person.userName}"`);
    const id = await this.#client.findId('match user', `/Users?filter=${filter}&startIndex=1&count=100`);
    this.#ids.setUser(person, id ?? (await this.#createUser(person)));
    if (id !== undefined) await this.#updateUser(person, id, { ...profileOf(person), active: true });
  }

  async provisionTeam(name: string): Promise<void> {
    const { from, to } = this.plan.changes.renameTeam;
    const known = await this.#findGroup(name);
    const renamed = known === undefined && name === from ? await this.#findGroup(to) : undefined;
    const id = known ?? renamed ?? (await this.#createGroup(name));
    this.#ids.setTeam(name, id);
    if (id === undefined) return;
    if (renamed !== undefined) await this.#renameGroup(id, name);
    const value = this.#membersOf(membersOf(this.plan, name));
    await this.#client.patch('push group members', `/Groups/${id}`, {
      op: 'replace',
      path: 'members',
      value,
    });
  }

  async renameUser(person: Person): Promise<void> {
    const id = this.#ids.user(person);
    if (id === undefined) return;
    const familyName = `${person.familyName}-Byron`;
    await this.#updateUser(person, id, {
      name: { givenName: person.givenName, familyName },
      displayName: `${person.givenName} ${familyName}`,
    });
  }

  async moveUser({ person, from, to }: Move): Promise<void> {
    const id = this.#ids.user(person);
    if (id === undefined) return;
    await this.#changeMembers(from, { op: 'remove', path: `members[value eq "${id}"]` });
    await this.#changeMembers(to, { op: 'add', path: 'members', value: this.#membersOf([person]) });
  }

  async setActive(person: Person, isActive: boolean): Promise<void> {
    const id = this.#ids.user(person);
    if (id === undefined) return;
    await this.#updateUser(
      person,
      id,
      { active: isActive },
      isActive ? 'reactivate user' : 'deactivate user',
    );
  }

  async renameTeam(): Promise<void> {
    const { from, to } = this.plan.changes.renameTeam;
    const id = this.#ids.team(from);
    if (id !== undefined) await this.#renameGroup(id, to);
  }

  /** Okta never deletes: unassigning for good is a deactivation. */
  removeUser(person: Person): Promise<void> {
    return this.setActive(person, false);
  }

  close(): void {
    this.#client.close();
  }

  #createUser(person: Person): Promise<string | undefined> {
    return this.#client.create('create user', '/Users', {
      schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
      userName: person.userName,
      ...profileOf(person),
      locale: 'en-US',
      externalId: person.externalId,
      groups: [],
      password: PLACEHOLDER_PASSWORD,
      active: true,
    });
  }

  #updateUser(person: Person, id: string, changes: JsonObject, operation?: string): Promise<void> {
    return person.number % 2 === 0
      ? this.#putBack(id, changes, operation ?? 'update user by PUT')
      : this.#client.patch(operation ?? 'update user by PATCH', `/Users/${id}`, {
          op: 'replace',
          value: changes,
        });
  }

  /** The body is what was read, read-only attributes included, with the changes laid over it. */
  async #putBack(id: string, changes: JsonObject, operation: string): Promise<void> {
    const path = `/Users/${id}`;
    const read = await this.#client.read('read user', path);
    if (!read.isExpected) return;
    await this.#client.replace(operation, path, { ...read.body, ...changes, password: PLACEHOLDER_PASSWORD });
  }

  #findGroup(name: string): Promise<string | undefined> {
    const filter = encodeURIComponent(`displayName eq "${name}"`);
    return this.#client.findId('match group', `/Groups?filter=${filter}&startIndex=1&count=100`);
  }

  #createGroup(name: string): Promise<string | undefined> {
    const body = { schemas: [GROUP_SCHEMA], displayName: name, members: [] };
    return this.#client.create('create group', '/Groups', body);
  }

  /** The group's own id is repeated in the value. */
  #renameGroup(id: string, displayName: string): Promise<void> {
    const value = { id, displayName };
    return this.#client.patch('rename group', `/Groups/${id}`, { op: 'replace', value });
  }

  /** Every change of members comes with the group's name. */
  async #changeMembers(team: string, operation: JsonObject): Promise<void> {
    const id = this.#ids.team(team);
    if (id === undefined) return;
    await this.#renameGroup(id, team);
    await this.#client.patch('change group members', `/Groups/${id}`, operation);
  }

  #membersOf(people: readonly Person[]): JsonObject[] {
    return people.flatMap((person) => {
      const value = this.#ids.user(person);
      return value === undefined ? [] : [{ value, display: person.userName }];
    });
  }
}

const profileOf = (person: Person): JsonObject => ({
  name: { givenName: person.givenName, familyName: person.familyName },
  emails: [{ primary: true, value: person.userName, type: 'work' }],
  displayName: person.displayName,
  title: person.title,
  [ENTERPRISE_SCHEMA]: { department: person.department, employeeNumber: person.employeeNumber },
});
