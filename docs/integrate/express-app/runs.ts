import { randomUUID } from 'node:crypto';

/** What this application is about. Rollcall knows the project; who made a run is for the application to say. */
export interface Run {
  readonly id: string;
  readonly project: string;
  /** Id of the account. */
  readonly createdBy: string;
  readonly state: 'running' | 'stopped';
}

/** Runs, for as long as the process lives. */
export class Runs {
  readonly #byId = new Map<string, Run>();

  create(project: string, createdBy: string): void {
    const id = randomUUID();
    this.#byId.set(id, { id, project, createdBy, state: 'running' });
  }

  find(project: string, id: string): Run | undefined {
    const run = this.#byId.get(id);
    return run?.project === project ? run : undefined;
  }

  of(project: string): readonly Run[] {
    return [...this.#byId.values()].filter((run) => run.project === project);
  }

  stop(run: Run): void {
    this.#byId.set(run.id, { ...run, state: 'stopped' });
  }
}
