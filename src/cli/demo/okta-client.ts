/**
 * Okta as a SCIM client (Okta developer documentation, SCIM 2.0 protocol reference and FAQ). Half of the people are
 * updated as by apps of the App Integration Wizard, which read a user and PUT it back, the other half as by apps of the
 * catalog, which PATCH without a path.
 */
import type { JsonObject } from '../../kernel/json.js';
import { CommandFailure } from '../failure.js';
import { KnownIds, membersOf, type IdentityProvider } from './identity-provider.js';
import type { Person } from './people.js';
import { oktaPlan, type Move } from './plan.js';
import type { Recorder } from './recorder.js';
import { ScimExchange } from './scim-exchange.js';
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, idOf, patchOf, resourcesOf, USER_SCHEMA } from './scim-messages.js';

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
  readonly #exchange: ScimExchange;
  readonly #ids = new KnownIds();

  constructor(baseUrl: string, token: string, recorder: Recorder) {
    this.#exchange = new ScimExchange({ baseUrl, token, headers: HEADERS, recorder });
  }

  async testConnection(): Promise<void> {
    const answer = await this.#exchange.send({
      operation: 'test connection',
      method: 'GET',
      path: '/Users?startIndex=1&count=2',
      expected: [200],
    });
    if (!answer.isExpected) throw new CommandFailure(`Okta's connection test was answered ${answer.status}.`);
  }

  async provisionUser(person: Person): Promise<void> {
    const found = await this.#exchange.send({
      operation: 'match user',
      method: 'GET',
      path: `/Users?filter=${encodeURIComponent(`userName eq "${person.userName}"`)}&startIndex=1&count=100`,
      expected: [200],
    });
    const id = idOf(resourcesOf(found)[0]);
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
    await this.#exchange.send({
      operation: 'push group members',
      method: 'PATCH',
      path: `/Groups/${id}`,
      body: patchOf({ op: 'replace', path: 'members', value: this.#membersOf(membersOf(this.plan, name)) }),
      expected: [200, 204],
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
    this.#exchange.close();
  }

  async #createUser(person: Person): Promise<string | undefined> {
    const answer = await this.#exchange.send({
      operation: 'create user',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
        userName: person.userName,
        ...profileOf(person),
        locale: 'en-US',
        externalId: person.externalId,
        groups: [],
        password: PLACEHOLDER_PASSWORD,
        active: true,
      },
      expected: [201],
    });
    return idOf(answer.body);
  }

  #updateUser(person: Person, id: string, changes: JsonObject, operation?: string): Promise<void> {
    return person.number % 2 === 0
      ? this.#putBack(id, changes, operation ?? 'update user by PUT')
      : this.#patchUser(id, changes, operation ?? 'update user by PATCH');
  }

  /** The body is what was read, read-only attributes included, with the changes laid over it. */
  async #putBack(id: string, changes: JsonObject, operation: string): Promise<void> {
    const path = `/Users/${id}`;
    const read = await this.#exchange.send({ operation: 'read user', method: 'GET', path, expected: [200] });
    if (!read.isExpected) return;
    const body = { ...read.body, ...changes, password: PLACEHOLDER_PASSWORD };
    await this.#exchange.send({ operation, method: 'PUT', path, body, expected: [200] });
  }

  async #patchUser(id: string, changes: JsonObject, operation: string): Promise<void> {
    const body = patchOf({ op: 'replace', value: changes });
    await this.#exchange.send({
      operation,
      method: 'PATCH',
      path: `/Users/${id}`,
      body,
      expected: [200, 204],
    });
  }

  async #findGroup(name: string): Promise<string | undefined> {
    const found = await this.#exchange.send({
      operation: 'match group',
      method: 'GET',
      path: `/Groups?filter=${encodeURIComponent(`displayName eq "${name}"`)}&startIndex=1&count=100`,
      expected: [200],
    });
    return idOf(resourcesOf(found)[0]);
  }

  async #createGroup(name: string): Promise<string | undefined> {
    const answer = await this.#exchange.send({
      operation: 'create group',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP_SCHEMA], displayName: name, members: [] },
      expected: [201],
    });
    return idOf(answer.body);
  }

  /** The group's own id is repeated in the value. */
  async #renameGroup(id: string, displayName: string): Promise<void> {
    await this.#exchange.send({
      operation: 'rename group',
      method: 'PATCH',
      path: `/Groups/${id}`,
      body: patchOf({ op: 'replace', value: { id, displayName } }),
      expected: [200, 204],
    });
  }

  /** Every change of members comes with the group's name. */
  async #changeMembers(team: string, operation: JsonObject): Promise<void> {
    const id = this.#ids.team(team);
    if (id === undefined) return;
    await this.#renameGroup(id, team);
    await this.#exchange.send({
      operation: 'change group members',
      method: 'PATCH',
      path: `/Groups/${id}`,
      body: patchOf(operation),
      expected: [200, 204],
    });
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
