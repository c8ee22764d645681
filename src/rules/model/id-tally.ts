// How many ids there were, and the first of them: lists of members have no end, and nobody holds them whole.

export interface IdTally {
  readonly count: number;
  /** At most `MOST_TOLD`. */
  readonly first: readonly string[];
}

/** As many ids as a log entry names. */
export const MOST_TOLD = 100;

export const noIds: IdTally = { count: 0, first: [] };

export const tallyOf = (ids: readonly string[]): IdTally => ({ count: ids.length, first: ids.slice(0, MOST_TOLD) });

export const tallied = (a: IdTally, b: IdTally): IdTally => ({
  count: a.count + b.count,
  first: a.first.length >= MOST_TOLD ? a.first : [...a.first, ...b.first].slice(0, MOST_TOLD),
});
