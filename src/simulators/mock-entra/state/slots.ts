// An insertion-ordered set whose positions never move, so that a paging cursor stays valid while members come and go.

export interface Slots {
  /** Number of positions, holes included. */
  readonly size: number;
  /** Number of members. */
  readonly count: number;
  has(id: string): boolean;
  /** Member at a position; null for a hole. */
  at(position: number): string | null;
  /** Returns false when it is already in. */
  add(id: string): boolean;
  delete(id: string): boolean;
}

export function createSlots(): Slots {
  const order: (string | null)[] = [];
  const positions = new Map<string, number>();
  return {
    get size() {
      return order.length;
    },
    get count() {
      return positions.size;
    },
    has: (id) => positions.has(id),
    at: (position) => order[position] ?? null,
    add(id) {
      if (positions.has(id)) return false;
      positions.set(id, order.push(id) - 1);
      return true;
    },
    delete(id) {
      const position = positions.get(id);
      if (position === undefined) return false;
      order[position] = null;
      return positions.delete(id);
    },
  };
}
