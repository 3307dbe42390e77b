/** The users both servers hold before anything is measured, under the same ids. */
export interface Population {
  /** By user number. */
  readonly ids: readonly string[];
  /** Users that no loaded group has as a member; numbered behind the others. */
  readonly spareIds: readonly string[];
}

/** Users beyond BENCH_USERS, so that a group of all of them can still get a member. */
export const SPARE_USERS = 256;

/** Every place of the table is met, and neighbours in time are not neighbours in the table. */
const STRIDE = 7_919;

/** Picks users spread over the whole population. */
export function spreadUsers(ids: readonly string[], count: number): { number: number; id: string }[] {
  return Array.from({ length: Math.min(count, ids.length) }, (_, index) => {
    const number = (index * STRIDE) % ids.length;
    return { number, id: ids[number] ?? '' };
  });
}
