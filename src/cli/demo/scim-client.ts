import type { JsonObject } from '../../kernel/json.js';
import { CommandFailure } from '../failure.js';
import { ScimExchange, type ScimAnswer, type ScimTarget } from './scim-exchange.js';
import { idOf, patchOf, resourcesOf } from './scim-messages.js';

/** What every client of the demo does with resources, whatever its dialect. `operation` names a request in the report. */
export class ScimClient {
  readonly #exchange: ScimExchange;

  constructor(target: ScimTarget) {
    this.#exchange = new ScimExchange(target);
  }

  /** @throws CommandFailure when there is no point in going on */
  async test(name: string, path: string): Promise<void> {
    const answer = await this.read('test connection', path);
    if (!answer.isExpected)
      throw new CommandFailure(`${name}'s connection test was answered ${answer.status}.`);
  }

  read(operation: string, path: string): Promise<ScimAnswer> {
    return this.#exchange.send({ operation, method: 'GET', path, expected: [200] });
  }

  /** Id of the first resource that a list shows. */
  async findId(operation: string, path: string): Promise<string | undefined> {
    return idOf(resourcesOf(await this.read(operation, path))[0]);
  }

  /** @returns the id of the new resource, when it could be made */
  async create(operation: string, path: string, body: JsonObject): Promise<string | undefined> {
    const answer = await this.#exchange.send({ operation, method: 'POST', path, body, expected: [201] });
    return idOf(answer.body);
  }

  async replace(operation: string, path: string, body: JsonObject): Promise<void> {
    await this.#exchange.send({ operation, method: 'PUT', path, body, expected: [200] });
  }

  async patch(operation: string, path: string, ...operations: readonly JsonObject[]): Promise<void> {
    const body = patchOf(...operations);
    await this.#exchange.send({ operation, method: 'PATCH', path, body, expected: [200, 204] });
  }

  async delete(operation: string, path: string): Promise<void> {
    await this.#exchange.send({ operation, method: 'DELETE', path, expected: [204] });
  }

  close(): void {
    this.#exchange.close();
  }
}
