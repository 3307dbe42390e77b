import type { UnitOfWork } from '../unit-of-work.js';
import type { SeatLimits } from './user-service.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Seats of one kind. */
export interface SeatUsage {
  readonly kind: 'full' | 'viewer';
  /** Undefined: there is no limit. */
  readonly limit: number | undefined;
  /** Active people who have one. */
  readonly used: number;
  /** How many more people it is enough for; undefined without a limit. */
  readonly free: number | undefined;
}

/** Tells how many seats of an organization are taken. */
export class SeatService {
  readonly #unitOfWork: UnitOfWork;
  readonly #limits: SeatLimits;

  constructor({
    unitOfWork,
    seatLimits,
  }: {
    readonly unitOfWork: UnitOfWork;
    readonly seatLimits: SeatLimits;
  }) {
    this.#unitOfWork = unitOfWork;
    this.#limits = seatLimits;
  }

  async usage(organizationId: string): Promise<readonly SeatUsage[]> {
    const usageOf = async (kind: SeatUsage['kind']): Promise<SeatUsage> => {
      const used = await this.#unitOfWork.stores.users.countSeats(organizationId, kind, NOBODY);
      const limit = this.#limits[kind];
      return { kind, limit, used, free: limit === undefined ? undefined : Math.max(0, limit - used) };
    };
    return [await usageOf('full'), await usageOf('viewer')];
  }
}
