// Changes to the members of one group as a delta against the stored set, so that a PATCH of a large group costs what it
// changes. Nothing is applied to the stored set here.
import type { Json } from '../../rules/model/json.ts';
import type { Filter } from './filter.ts';
import { matches } from './filter-match.ts';
import { isList, isObject } from './normalise.ts';
import type { Step } from './patch.ts';
import { badRequest } from './scim-error.ts';

export interface MemberDelta {
  /** The stored members no longer count, only `added`. */
  cleared: boolean;
  readonly added: Set<string>;
  readonly removed: Set<string>;
  /** Membership changes asked for, whether they had an effect or not. */
  asked: number;
}

export const noMemberChange = (): MemberDelta => ({ cleared: false, added: new Set(), removed: new Set(), asked: 0 });

export function memberIds(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const ids = (isList(value) ? value : [value]).map((each) => (isObject(each) ? each['value'] : undefined));
  return ids.map((id) => {
    if (typeof id === 'string' && id !== '') return id;
    throw badRequest('invalidValue', 'Each member must be an object with its id as value.');
  });
}

export function applyMemberStep(delta: MemberDelta, stored: ReadonlySet<string>, step: Step): void {
  const { op, target, value } = step;
  if (target.sub !== null)
    throw badRequest('mutability', `Path ${target.path}: members are added and removed as a whole.`);
  if (target.filter !== null) {
    if (op !== 'remove')
      throw badRequest('invalidPath', `Path ${target.path}: a member cannot be changed, only added or removed.`);
    remove(delta, selected(delta, stored, target.filter));
    return;
  }
  const ids = memberIds(value);
  if (op === 'remove' && value !== undefined && value !== null) {
    remove(delta, ids);
    return;
  }
  if (op !== 'add') clear(delta);
  for (const id of ids) {
    delta.removed.delete(id);
    delta.added.add(id);
  }
  delta.asked += Math.max(ids.length, 1);
}

function clear(delta: MemberDelta): void {
  delta.cleared = true;
  delta.added.clear();
  delta.removed.clear();
}

function remove(delta: MemberDelta, ids: readonly string[]): void {
  for (const id of ids) {
    delta.added.delete(id);
    delta.removed.add(id);
  }
  delta.asked += Math.max(ids.length, 1);
}

function selected(delta: MemberDelta, stored: ReadonlySet<string>, filter: Filter): readonly string[] {
  const named = namedValues(filter);
  const present = (id: string): boolean =>
    delta.added.has(id) || (!delta.cleared && stored.has(id) && !delta.removed.has(id));
  const candidates = named ?? [...delta.added, ...(delta.cleared ? [] : stored)];
  return candidates.filter((id) => present(id) && matches(filter, { value: id }));
}

/** The ids that a filter can match at all, when it names them; `null` when every member has to be looked at. */
function namedValues(filter: Filter): readonly string[] | null {
  if (filter.kind === 'compare' && filter.op === 'eq' && filter.place.steps[0] === 'value')
    return [String(filter.value)];
  if (filter.kind === 'and') return namedValues(filter.left) ?? namedValues(filter.right);
  if (filter.kind !== 'or') return null;
  const [left, right] = [namedValues(filter.left), namedValues(filter.right)];
  return left === null || right === null ? null : [...left, ...right];
}
