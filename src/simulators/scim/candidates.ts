// Which resources can fulfil a filter at all, as far as an index knows.
import type { Filter } from './filter.ts';

/** Ids with this value at this path; `null` when the path has no index. */
type LookUp = (path: string, value: string) => readonly string[] | null;

/** `null` when the filter names no indexed value, so that every resource has to be looked at. */
export function candidates(filter: Filter, find: LookUp, prefix = ''): readonly string[] | null {
  switch (filter.kind) {
    case 'compare':
      return filter.op === 'eq' && typeof filter.value === 'string'
        ? find(prefix + filter.place.steps.join('.'), filter.value)
        : null;
    case 'element':
      return candidates(filter.filter, find, `${filter.place.steps.join('.')}.`);
    case 'and':
      return candidates(filter.left, find, prefix) ?? candidates(filter.right, find, prefix);
    case 'or': {
      const [left, right] = [candidates(filter.left, find, prefix), candidates(filter.right, find, prefix)];
      return left === null || right === null ? null : [...new Set([...left, ...right])];
    }
    case 'not':
    case 'present':
      return null;
  }
}
