import type { Person } from './people.js';
import type { Move, Plan } from './plan.js';

/**
 * What an identity provider does to a service provider, in the order it happens. Each one does it in its own dialect,
 * and each looks for what exists before it creates anything. A step that fails is recorded and leaves the rest to go on.
 */
export interface IdentityProvider {
  readonly name: string;
  readonly plan: Plan;
  /** @throws CommandFailure when there is no point in going on */
  testConnection(): Promise<void>;
  provisionUser(person: Person): Promise<void>;
  /** Makes the team and everybody of the plan its member; brings a team of an earlier run back to that. */
  provisionTeam(name: string): Promise<void>;
  renameUser(person: Person): Promise<void>;
  moveUser(move: Move): Promise<void>;
  setActive(person: Person, isActive: boolean): Promise<void>;
  renameTeam(): Promise<void>;
  removeUser(person: Person): Promise<void>;
  close(): void;
}

/** Ids that the service provider gave, by the provider's own ids and names. */
export class KnownIds {
  readonly #users = new Map<number, string>();
  readonly #teams = new Map<string, string>();

  setUser(person: Person, id: string | undefined): void {
    if (id !== undefined) this.#users.set(person.number, id);
  }

  user(person: Person): string | undefined {
    return this.#users.get(person.number);
  }

  /** Ids of those who could be provisioned. */
  users(people: readonly Person[]): readonly string[] {
    return people.map((person) => this.user(person)).filter((id) => id !== undefined);
  }

  setTeam(name: string, id: string | undefined): void {
    if (id !== undefined) this.#teams.set(name, id);
  }

  team(name: string): string | undefined {
    return this.#teams.get(name);
  }
}

export const membersOf = ({ people }: Plan, team: string): readonly Person[] =>
  people.filter(({ department }) => department === team);
