// Collections of the tenant as sequences of positions that never move: a paging cursor is a position, and what changes
// meanwhile neither shifts nor repeats anything.
import {
  groupAt,
  hasUserMember,
  nestedIndexes,
  parentIndexes,
  userMemberAt,
  userMemberCount,
} from '../tenant/groups.ts';
import { reportIndexes } from '../tenant/users.ts';
import type { Assignment, Kind } from './changes.ts';
import { groupRef, liveRef, managerIdOf, refOf, stateOf, userRef, type Directory, type Ref } from './directory.ts';

export interface Source<T> {
  /** Number of positions. */
  readonly size: number;
  /** Element at a position; null for a hole. */
  at(position: number): T | null;
  /** Number of elements, where it is known without looking at each. */
  readonly count: number | null;
}

export const listSource = <T>(items: readonly T[]): Source<T> => ({
  size: items.length,
  at: (position) => items[position] ?? null,
  count: items.length,
});

const live = (directory: Directory, ref: Ref): Ref | null => (stateOf(directory, ref.id) === 'live' ? ref : null);

const generatedCount = ({ tenant }: Directory, kind: Kind): number =>
  kind === 'user' ? tenant.users : kind === 'group' ? tenant.groups : 0;

/** All live objects of a kind: generated ones by index, then created ones by age. */
export function objects(directory: Directory, kind: Kind): Source<Ref> {
  const generated = generatedCount(directory, kind);
  const created = directory.overlay.created[kind];
  const make = kind === 'user' ? userRef : groupRef;
  return {
    size: generated + created.length,
    count: generated + directory.overlay.balance[kind],
    at: (position) =>
      position < generated
        ? live(directory, make(directory, position))
        : liveRef(directory, created[position - generated] ?? ''),
  };
}

/** All soft-deleted objects of a kind. */
export function deletedObjects(directory: Directory, kind: Kind): Source<Ref> {
  const slots = directory.overlay.deleted[kind];
  return {
    size: slots.size,
    count: slots.count,
    at: (position) => refOf(directory, slots.at(position) ?? ''),
  };
}

/** Live direct members of a group: nested groups, then generated users, then members added by hand. */
export function members(directory: Directory, group: Ref): Source<Ref> {
  const { tenant, overlay } = directory;
  const nested = group.index === null ? [] : nestedIndexes(tenant, group.index);
  const users = group.index === null ? 0 : userMemberCount(tenant, group.index);
  const byHand = overlay.members.get(group.id);
  const generatedAt = (position: number): Ref => {
    const child = nested[position];
    if (child !== undefined) return groupRef(directory, child);
    return userRef(directory, userMemberAt(tenant, group.index ?? 0, position - nested.length));
  };
  const generated = nested.length + users;
  return {
    size: generated + (byHand?.added.size ?? 0),
    count: null,
    at(position) {
      if (position >= generated) return liveRef(directory, byHand?.added.at(position - generated) ?? '');
      const ref = generatedAt(position);
      return byHand?.removed.has(ref.id) === true ? null : live(directory, ref);
    },
  };
}

/** Whether `member` was put into `group`, also when it is deleted now. */
export function isMember({ tenant, overlay }: Directory, group: Ref, member: Ref): boolean {
  const byHand = overlay.members.get(group.id);
  if (byHand?.added.has(member.id) === true) return true;
  if (byHand?.removed.has(member.id) === true) return false;
  if (group.index === null || member.index === null) return false;
  if (member.kind === 'group') return nestedIndexes(tenant, group.index).includes(member.index);
  return member.kind === 'user' && hasUserMember(tenant, group.index, member.index);
}

/** Live groups that an object is a direct member of. */
export function memberOf(directory: Directory, member: Ref): readonly Ref[] {
  const { tenant, overlay } = directory;
  const candidates = new Set<string>();
  if (member.index !== null && member.kind === 'group') {
    for (const parent of parentIndexes(tenant, member.index)) candidates.add(groupRef(directory, parent).id);
  }
  for (let index = 0; member.index !== null && member.kind === 'user' && index < tenant.groups; index += 1) {
    if (hasUserMember(tenant, index, member.index)) candidates.add(groupRef(directory, index).id);
  }
  for (const [group, { added }] of overlay.members) if (added.has(member.id)) candidates.add(group);
  return [...candidates].flatMap((id) => {
    const group = liveRef(directory, id);
    return group !== null && isMember(directory, group, member) ? [group] : [];
  });
}

/** Members of a group and of all groups nested in it, each once, nested groups included. */
export function transitiveMembers(directory: Directory, group: Ref): Source<Ref> {
  if (!hasNestedGroup(directory, group)) return members(directory, group);
  const found = new Map<string, Ref>();
  const visit = (parent: Ref): void => {
    const source = members(directory, parent);
    for (let position = 0; position < source.size; position += 1) {
      const member = source.at(position);
      if (member === null || member.id === group.id || found.has(member.id)) continue;
      found.set(member.id, member);
      if (member.kind === 'group') visit(member);
    }
  };
  visit(group);
  return listSource([...found.values()]);
}

/** Spares the walk over all members of a large flat group. */
function hasNestedGroup({ tenant, overlay }: Directory, group: Ref): boolean {
  if (group.index !== null && nestedIndexes(tenant, group.index).length > 0) return true;
  const added = overlay.members.get(group.id)?.added;
  for (let position = 0; added !== undefined && position < added.size; position += 1) {
    const id = added.at(position) ?? '';
    if (tenant.ids.decode(id)?.kind === 'group' || overlay.entries.get(id)?.kind === 'group') return true;
  }
  return false;
}

/** Live users whose manager is `manager`; none while it is deleted. */
export const directReports = (directory: Directory, manager: Ref): readonly Ref[] =>
  stateOf(directory, manager.id) === 'live' ? reportsOf(directory, manager) : [];

/** Live users that `manager` was made the manager of, also when it is deleted now. */
export function reportsOf(directory: Directory, manager: Ref): readonly Ref[] {
  const { tenant, overlay } = directory;
  const candidates = new Set<string>();
  if (manager.kind === 'user' && manager.index !== null) {
    for (const index of reportIndexes(tenant, manager.index)) candidates.add(userRef(directory, index).id);
  }
  for (const entry of overlay.entries.values()) if (entry.manager === manager.id) candidates.add(entry.id);
  return [...candidates].flatMap((id) => {
    const user = liveRef(directory, id);
    return user !== null && managerIdOf(directory, user) === manager.id ? [user] : [];
  });
}

/** Assignments to, or of, an object; those whose other end is deleted are hidden until it is restored. */
export function assignments(directory: Directory, owner: Ref, side: 'resourceId' | 'principalId'): Source<Assignment> {
  const slots = directory.overlay.assignmentsOf.get(owner.id);
  const other = side === 'resourceId' ? 'principalId' : 'resourceId';
  return {
    size: slots?.size ?? 0,
    count: null,
    at(position) {
      const assignment = directory.overlay.assignments.get(slots?.at(position) ?? '');
      if (assignment?.[side] !== owner.id) return null;
      return liveRef(directory, assignment[other]) === null ? null : assignment;
    },
  };
}

/** Microsoft 365 groups go to the recycle bin; other groups are gone at once. */
export function isRestorable(directory: Directory, ref: Ref): boolean {
  if (ref.kind !== 'group') return true;
  const byHand = directory.overlay.entries.get(ref.id)?.set['groupTypes'];
  const types = byHand ?? (ref.index === null ? [] : groupAt(directory.tenant, ref.index)['groupTypes']);
  return Array.isArray(types) && types.includes('Unified');
}
