// Who is a member of which group, readable from both sides.
export interface MemberChange {
  /** Former members no longer count, only `added`. */
  readonly cleared: boolean;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

export interface Memberships {
  membersOf(groupId: string): ReadonlySet<string>;
  groupsOf(memberId: string): ReadonlySet<string>;
  change(groupId: string, change: MemberChange): void;
  /** Ends every membership of and in this resource. */
  forget(id: string): void;
}

type Relation = Map<string, Set<string>>;
const nobody: ReadonlySet<string> = new Set();

export function createMemberships(): Memberships {
  const members: Relation = new Map();
  const groups: Relation = new Map();
  const leave = (groupId: string, memberId: string): void => {
    cut(members, groupId, memberId);
    cut(groups, memberId, groupId);
  };
  const membersOf = (groupId: string): ReadonlySet<string> => members.get(groupId) ?? nobody;
  const groupsOf = (memberId: string): ReadonlySet<string> => groups.get(memberId) ?? nobody;
  return {
    membersOf,
    groupsOf,
    change(groupId, { cleared, added, removed }) {
      for (const id of cleared ? [...membersOf(groupId)] : removed) leave(groupId, id);
      for (const id of added) {
        tie(members, groupId, id);
        tie(groups, id, groupId);
      }
    },
    forget(id) {
      for (const groupId of [...groupsOf(id)]) leave(groupId, id);
      for (const memberId of [...membersOf(id)]) leave(id, memberId);
    },
  };
}

function tie(relation: Relation, from: string, to: string): void {
  const known = relation.get(from);
  if (known === undefined) relation.set(from, new Set([to]));
  else known.add(to);
}

function cut(relation: Relation, from: string, to: string): void {
  const known = relation.get(from);
  known?.delete(to);
  if (known?.size === 0) relation.delete(from);
}
