/**
 * Microsoft Entra ID as a SCIM client (Microsoft Learn, develop and plan provisioning for a SCIM endpoint). Half of the
 * people are updated in its default dialect, the other half as with the flag aadOptscim062020: one tenant may send both.
 */
import type { JsonObject } from '../../kernel/json.js';
import { CommandFailure } from '../failure.js';
import { entraDialectOf } from './entra-dialect.js';
import { KnownIds, membersOf, type IdentityProvider } from './identity-provider.js';
import type { Person } from './people.js';
import { entraPlan, type Move } from './plan.js';
import type { Recorder } from './recorder.js';
import { ScimExchange } from './scim-exchange.js';
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, idOf, patchOf, resourcesOf, USER_SCHEMA } from './scim-messages.js';

/** MicrosoftDocs/azure-docs#12728: neither Content-Type nor Accept on a GET. */
const HEADERS = { always: {}, withBody: { 'Content-Type': 'application/scim+json; charset=utf-8' } };
const ADSCIM_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
/** Entra makes one up for its connection test. */
const UNKNOWN_USER = '5f6d3a0e-7a55-4c0b-9d4e-0c7f0b1d2e3f';

export class EntraClient implements IdentityProvider {
  readonly name = 'Entra';
  readonly plan = entraPlan;
  readonly #exchange: ScimExchange;
  readonly #recorder: Recorder;
  readonly #ids = new KnownIds();

  constructor(baseUrl: string, token: string, recorder: Recorder) {
    this.#recorder = recorder;
    this.#exchange = new ScimExchange({ baseUrl, token, headers: HEADERS, recorder });
  }

  async testConnection(): Promise<void> {
    const answer = await this.#exchange.send({
      operation: 'test connection',
      method: 'GET',
      path: `/Users?filter=${encodeFilter(`userName eq "${UNKNOWN_USER}"`)}`,
      expected: [200],
    });
    if (!answer.isExpected)
      throw new CommandFailure(`Entra's connection test was answered ${answer.status}.`);
  }

  /** Matches on userName, then on externalId, as the matching precedence of the attribute mapping says. */
  async provisionUser(person: Person): Promise<void> {
    const id =
      (await this.#findUser(`userName eq "${person.userName}"`)) ??
      (await this.#findUser(`externalId eq "${person.externalId}"`));
    this.#ids.setUser(person, id ?? (await this.#createUser(person)));
    if (id !== undefined)
      await this.#patchUser(person, entraDialectOf(person).update(person), 'update user by PATCH');
  }

  async provisionTeam(name: string): Promise<void> {
    const { move, renameTeam } = this.plan.changes;
    const known = await this.#findGroup(name);
    const renamed =
      known === undefined && name === renameTeam.from ? await this.#findGroup(renameTeam.to) : undefined;
    const id = known ?? renamed ?? (await this.#createGroup(name));
    this.#ids.setTeam(name, id);
    if (id === undefined) return;
    if (renamed !== undefined) await this.#renameGroup(id, name);
    const members = membersOf(this.plan, name);
    await this.#addMembers(id, members);
    const movedHere = move.filter(({ to }) => to === name).map(({ person }) => person);
    if ((known ?? renamed) !== undefined) await this.#removeMembers(id, movedHere);
    await this.#setManagers(members);
  }

  async renameUser(person: Person): Promise<void> {
    await this.#patchUser(person, entraDialectOf(person).rename(person), 'rename user');
  }

  async moveUser({ person, from, to }: Move): Promise<void> {
    const [source, target] = [this.#ids.team(from), this.#ids.team(to)];
    if (source !== undefined) await this.#removeMembers(source, [person]);
    if (target !== undefined) await this.#addMembers(target, [person]);
    if (target !== undefined) await this.#probeMembership(target, person);
  }

  async setActive(person: Person, isActive: boolean): Promise<void> {
    const operation = isActive ? 'reactivate user' : 'deactivate user';
    await this.#patchUser(person, [entraDialectOf(person).setActive(isActive)], operation);
  }

  async renameTeam(): Promise<void> {
    const { from, to } = this.plan.changes.renameTeam;
    const id = this.#ids.team(from);
    if (id !== undefined) await this.#renameGroup(id, to);
  }

  /** Thirty days after the soft delete. */
  async removeUser(person: Person): Promise<void> {
    const id = this.#ids.user(person);
    if (id === undefined) return;
    await this.setActive(person, false);
    const path = `/Users/${id}`;
    await this.#exchange.send({ operation: 'delete user', method: 'DELETE', path, expected: [204] });
  }

  close(): void {
    this.#exchange.close();
  }

  async #findUser(filter: string): Promise<string | undefined> {
    const path = `/Users?filter=${encodeFilter(filter)}`;
    const found = await this.#exchange.send({
      operation: 'match user',
      method: 'GET',
      path,
      expected: [200],
    });
    return idOf(resourcesOf(found)[0]);
  }

  async #createUser(person: Person): Promise<string | undefined> {
    const answer = await this.#exchange.send({
      operation: 'create user',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
        externalId: person.externalId,
        userName: person.userName,
        active: true,
        displayName: person.displayName,
        emails: [{ primary: true, type: 'work', value: person.userName }],
        phoneNumbers: [{ type: 'mobile', value: person.mobile }],
        meta: { resourceType: 'User' },
        name: { formatted: person.displayName, familyName: person.familyName, givenName: person.givenName },
        roles: [],
        addresses: null,
        title: person.title,
        manager: null,
        [ENTERPRISE_SCHEMA]: { department: person.department, employeeNumber: person.employeeNumber },
      },
      expected: [201],
    });
    return idOf(answer.body);
  }

  async #patchUser(person: Person, operations: readonly JsonObject[], operation: string): Promise<void> {
    const id = this.#ids.user(person);
    if (id === undefined) return;
    const body = patchOf(...operations);
    await this.#exchange.send({
      operation,
      method: 'PATCH',
      path: `/Users/${id}`,
      body,
      expected: [200, 204],
    });
  }

  /** A second pass, when both users exist. The first of a team leads it. */
  async #setManagers([manager, ...others]: readonly Person[]): Promise<void> {
    const value = manager && this.#ids.user(manager);
    if (value === undefined) return;
    for (const person of others.slice(0, 3))
      await this.#patchUser(
        person,
        [{ op: 'Add', path: `${ENTERPRISE_SCHEMA}:manager`, value }],
        'set manager',
      );
  }

  async #findGroup(name: string): Promise<string | undefined> {
    const path = `/Groups?excludedAttributes=members&filter=${encodeFilter(`displayName eq "${name}"`)}`;
    const found = await this.#exchange.send({
      operation: 'match group',
      method: 'GET',
      path,
      expected: [200],
    });
    return idOf(resourcesOf(found)[0]);
  }

  async #createGroup(name: string): Promise<string | undefined> {
    const answer = await this.#exchange.send({
      operation: 'create group',
      method: 'POST',
      path: '/Groups',
      body: {
        schemas: [GROUP_SCHEMA, ADSCIM_GROUP],
        externalId: `demo-${name}`,
        displayName: name,
        meta: { resourceType: 'Group' },
      },
      expected: [201],
    });
    return idOf(answer.body);
  }

  #renameGroup(id: string, name: string): Promise<void> {
    return this.#patchGroup(id, { op: 'Replace', path: 'displayName', value: name }, 'rename group');
  }

  #addMembers(id: string, people: readonly Person[]): Promise<void> {
    const value = this.#ids.users(people).map((user) => ({ $ref: null, value: user }));
    return this.#patchGroup(id, { op: 'Add', path: 'members', value }, 'change group members');
  }

  /** The value names who goes; read by the letter of RFC 7644 it would empty the group. */
  async #removeMembers(id: string, people: readonly Person[]): Promise<void> {
    const value = this.#ids.users(people).map((user) => ({ $ref: null, value: user }));
    if (value.length > 0)
      await this.#patchGroup(id, { op: 'Remove', path: 'members', value }, 'change group members');
  }

  async #patchGroup(id: string, change: JsonObject, operation: string): Promise<void> {
    const body = patchOf(change);
    await this.#exchange.send({
      operation,
      method: 'PATCH',
      path: `/Groups/${id}`,
      body,
      expected: [200, 204],
    });
  }

  async #probeMembership(team: string, person: Person): Promise<void> {
    const user = this.#ids.user(person);
    if (user === undefined) return;
    const filter = encodeFilter(`id eq "${team}" and members eq "${user}"`);
    const path = `/Groups?filter=${filter}&attributes=id`;
    const found = await this.#exchange.send({
      operation: 'probe membership',
      method: 'GET',
      path,
      expected: [200],
    });
    if (found.isExpected && idOf(resourcesOf(found)[0]) !== team)
      this.#recorder.addProblem(`${person.userName} was added to group ${team} and is not a member of it`);
  }
}

/** Spaces as +, quotes and the rest in percent form. */
const encodeFilter = (filter: string): string => encodeURIComponent(filter).replaceAll('%20', '+');
