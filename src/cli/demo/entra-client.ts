/**
 * Microsoft Entra ID as a SCIM client (Microsoft Learn, develop and plan provisioning for a SCIM endpoint). Half of the
 * people are updated in its default dialect, the other half as with the flag aadOptscim062020: one tenant may send both.
 */
import type { JsonObject } from '../../kernel/json.js';
import { entraDialectOf } from './entra-dialect.js';
import { KnownIds, membersOf, type IdentityProvider } from './identity-provider.js';
import type { Person } from './people.js';
import { entraPlan, type Move } from './plan.js';
import type { Recorder } from './recorder.js';
import { ScimClient } from './scim-client.js';
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, idOf, resourcesOf, USER_SCHEMA } from './scim-messages.js';

/** MicrosoftDocs/azure-docs#12728: neither Content-Type nor Accept on a GET. */
const HEADERS = { always: {}, withBody: { 'Content-Type': 'application/scim+json; charset=utf-8' } };
const ADSCIM_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
/** Entra makes one up for its connection test. */
const UNKNOWN_USER = '5f6d3a0e-7a55-4c0b-9d4e-0c7f0b1d2e3f';

export class EntraClient implements IdentityProvider {
  readonly name = 'Entra';
  readonly plan = entraPlan;
  readonly #client: ScimClient;
  readonly #recorder: Recorder;
  readonly #ids = new KnownIds();

  constructor(baseUrl: string, token: string, recorder: Recorder) {
    this.#recorder = recorder;
    this.#client = new ScimClient({ baseUrl, token, headers: HEADERS, recorder });
  }

  testConnection(): Promise<void> {
    return this.#client.test(this.name, `/Users?filter=${encodeFilter(`userName eq "${UNKNOWN_USER}"`)}`);
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
    await this.#client.delete('delete user', `/Users/${id}`);
  }

  close(): void {
    this.#client.close();
  }

  #findUser(filter: string): Promise<string | undefined> {
    return this.#client.findId('match user', `/Users?filter=${encodeFilter(filter)}`);
  }

  #createUser(person: Person): Promise<string | undefined> {
    return this.#client.create('create user', '/Users', {
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
    });
  }

  async #patchUser(person: Person, operations: readonly JsonObject[], operation: string): Promise<void> {
    const id = this.#ids.user(person);
    if (id !== undefined) await this.#client.patch(operation, `/Users/${id}`, ...operations);
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

  #findGroup(name: string): Promise<string | undefined> {
    const filter = encodeFilter(`displayName eq "${name}"`);
    return this.#client.findId('match group', `/Groups?excludedAttributes=members&filter=${filter}`);
  }

  #createGroup(name: string): Promise<string | undefined> {
    return this.#client.create('create group', '/Groups', {
      schemas: [GROUP_SCHEMA, ADSCIM_GROUP],
      externalId: `demo-${name}`,
      displayName: name,
      meta: { resourceType: 'Group' },
    });
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

  #patchGroup(id: string, change: JsonObject, operation: string): Promise<void> {
    return this.#client.patch(operation, `/Groups/${id}`, change);
  }

  async #probeMembership(team: string, person: Person): Promise<void> {
    const user = this.#ids.user(person);
    if (user === undefined) return;
    const filter = encodeFilter(`id eq "${team}" and members eq "${user}"`);
    const found = await this.#client.read('probe membership', `/Groups?filter=${filter}&attributes=id`);
    if (found.isExpected && idOf(resourcesOf(found)[0]) !== team)
      this.#recorder.addProblem(`${person.userName} was added to group ${team} and is not a member of it`);
  }
}

/** Spaces as +, quotes and the rest in percent form. */
const encodeFilter = (filter: string): string => encodeURIComponent(filter).replaceAll('%20', '+');
