// A permanent delete takes the relations of the object along, as one request: each group that had it as a member, and each
// user that had it as manager, shows the loss in its own delta. A soft delete leaves them, since a restore brings all back.
import type { Change } from './changes.ts';
import { memberOf, reportsOf } from './collections.ts';
import type { Directory, Ref } from './directory.ts';

/** The changes that make an object hard-deleted. */
export function purgeOf(directory: Directory, ref: Ref): readonly Change[] {
  const { kind, id } = ref;
  const memberships = memberOf(directory, ref).map((group): Change => ({
    op: 'member',
    group: group.id,
    member: id,
    kind,
    present: false,
  }));
  const reports = kind === 'user' ? reportsOf(directory, ref) : [];
  const withoutManager = reports.map((user): Change => ({ op: 'manager', user: user.id, manager: null, was: id }));
  return [...memberships, ...withoutManager, { op: 'purge', kind, id }];
}
