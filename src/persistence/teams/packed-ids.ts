import type { MemberIds } from '../../directory/teams/team-store.js';

const BYTES_PER_ID = 16;

/**
 * Ids as the bytes that the database sent, made into strings only where somebody looks: outside the heap, so that reading
 * a large team leaves nothing there to collect.
 */
export class PackedIds implements MemberIds {
  readonly count: number;
  readonly #parts: readonly Buffer[];
  readonly #idsPerPart: number;

  /** @param parts - the ids in order, as many in each as `idsPerPart` but for the last; null for a part without any */
  constructor(parts: readonly (Uint8Array | null)[], idsPerPart: number) {
    this.#parts = parts.flatMap((part) =>
      part ? [Buffer.from(part.buffer, part.byteOffset, part.byteLength)] : [],
    );
    this.#idsPerPart = idsPerPart;
    this.count = this.#parts.reduce((bytes, part) => bytes + part.length, 0) / BYTES_PER_ID;
  }

  slice(from: number, to: number): readonly string[] {
    const ids: string[] = [];
    for (let place = from; place < Math.min(to, this.count); place += 1) {
      const part = this.#parts[Math.floor(place / this.#idsPerPart)];
      if (part) ids.push(uuidAt(part, (place % this.#idsPerPart) * BYTES_PER_ID));
    }
    return ids;
  }
}

/** Sixteen bytes as RFC 9562 writes them. */
function uuidAt(bytes: Buffer, start: number): string {
  const hex = bytes.toString('hex', start, start + BYTES_PER_ID);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
