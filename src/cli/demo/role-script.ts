/** An operator's script for custom roles, which no identity provider sends by itself. */
import type { DemoRole, Plan } from './plan.js';
import type { Recorder } from './recorder.js';
import { ScimExchange } from './scim-exchange.js';
import { idOf, patchOf, resourcesOf, ROLE_SCHEMA } from './scim-messages.js';

const HEADERS = { always: {}, withBody: { 'Content-Type': 'application/json' } };
/** Added to every role after it was made. */
const EXTRA_PERMISSION = 'report:create';

export class RoleScript {
  readonly #exchange: ScimExchange;

  constructor(baseUrl: string, token: string, recorder: Recorder) {
    this.#exchange = new ScimExchange({ baseUrl, token, headers: HEADERS, recorder });
  }

  /** Makes the role, or brings it back to what it is meant to be, then adds a permission. */
  async provisionRole({ permissions, ...role }: DemoRole): Promise<void> {
    const found = await this.#exchange.send({
      operation: 'match role',
      method: 'GET',
      path: `/Roles?filter=${encodeURIComponent(`name eq "${role.name}"`)}`,
      expected: [200],
    });
    const known = idOf(resourcesOf(found)[0]);
    const answer = await this.#exchange.send({
      operation: known === undefined ? 'create role' : 'replace role',
      method: known === undefined ? 'POST' : 'PUT',
      path: known === undefined ? '/Roles' : `/Roles/${known}`,
      body: { schemas: [ROLE_SCHEMA], ...role, permissions: permissions.map((name) => ({ name })) },
      expected: [known === undefined ? 201 : 200],
    });
    const id = idOf(answer.body);
    if (id === undefined) return;
    await this.#exchange.send({
      operation: 'change role',
      method: 'PATCH',
      path: `/Roles/${id}`,
      body: patchOf({ op: 'add', path: 'permissions', value: [{ name: EXTRA_PERMISSION }] }),
      expected: [200],
    });
  }

  /** Gives the role, in the person's own team, to the `index`th member of the plan. */
  async assignRole(roleName: string, plan: Plan, index: number): Promise<void> {
    const person = plan.people[index];
    if (person === undefined) return;
    const filter = encodeURIComponent(`userName eq "${person.userName}"`);
    const found = await this.#exchange.send({
      operation: 'match user',
      method: 'GET',
      path: `/Users?filter=${filter}&attributes=id`,
      expected: [200],
    });
    const id = idOf(resourcesOf(found)[0]);
    if (id === undefined) return;
    await this.#exchange.send({
      operation: 'assign role',
      method: 'PATCH',
      path: `/Users/${id}`,
      body: patchOf({ op: 'replace', path: 'teamRoles', value: [{ teamName: person.department, roleName }] }),
      expected: [200],
    });
  }

  close(): void {
    this.#exchange.close();
  }
}
