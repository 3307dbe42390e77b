/** One answered request. */
export interface Measurement {
  /** What the client wanted, such as `create user`. */
  readonly operation: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly isExpected: boolean;
}

/** Problems to describe; one cause tends to show up in hundreds of requests. */
const MAX_DESCRIBED = 10;

/** Collects what the clients of the demo sent and got. */
export class Recorder {
  readonly #measurements: Measurement[] = [];
  readonly #problems: string[] = [];
  #problemCount = 0;

  record(measurement: Measurement): void {
    this.#measurements.push(measurement);
  }

  /** Notes that something was not as it has to be. */
  addProblem(description: string): void {
    this.#problemCount += 1;
    if (this.#problems.length < MAX_DESCRIBED) this.#problems.push(description);
  }

  get measurements(): readonly Measurement[] {
    return this.#measurements;
  }

  /** The first problems, in words. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  get problemCount(): number {
    return this.#problemCount;
  }
}
