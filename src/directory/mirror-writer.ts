// What the directory reader needs of the place it writes to. The store fits this shape.
import type {
  DeltaResource,
  DeltaState,
  MirrorAssignment,
  MirrorMember,
  MirrorObject,
  MirrorPage,
  MirrorServicePrincipal,
  MirrorTombstone,
} from '../rules/model/mirror.ts';

export interface MirrorWriter {
  /** Runs `work` while no other process refreshes this tenant (one reader per tenant). */
  exclusively<T>(tenantId: string, work: () => Promise<T>): Promise<T>;
  deltaState(tenantId: string, resource: DeltaResource): Promise<DeltaState | null>;
  /** One transaction: objects, tombstones, memberships and the state that follows them. Only what differs gets a new version. */
  savePage(tenantId: string, page: MirrorPage): Promise<void>;
  /** Live objects that the full round `generation` did not mention: suspects, not evidence. In order of id, after `after`. */
  unseenObjects(
    tenantId: string,
    resource: DeltaResource,
    generation: number,
    after: string,
    limit: number,
  ): Promise<readonly string[]>;
  /** How many objects are live, and how many of them the full round `generation` has seen. */
  census(
    tenantId: string,
    resource: DeltaResource,
    generation: number,
  ): Promise<{ readonly live: number; readonly seen: number }>;
  /** Groups with a present membership that the full round `generation` did not mention. */
  groupsWithUnseenMembers(
    tenantId: string,
    generation: number,
    after: string,
    limit: number,
  ): Promise<readonly string[]>;
  /** Evidence found for suspects: tombstones, or "still there" (stamped as seen). */
  settleObjects(
    tenantId: string,
    resource: DeltaResource,
    generation: number,
    found: { readonly tombstones: readonly MirrorTombstone[]; readonly alive: readonly string[] },
  ): Promise<void>;
  /** Adds the members of a group that were listed; answers those that are stored as present but were not listed. */
  saveMembers(
    tenantId: string,
    groupId: string,
    generation: number,
    listed: readonly MirrorMember[],
  ): Promise<readonly MirrorMember[]>;
  /** Members that a listing read to its end does not hold any more. */
  dropMembers(tenantId: string, groupId: string, generation: number, memberIds: readonly string[]): Promise<void>;
  saveServicePrincipal(tenantId: string, servicePrincipal: MirrorServicePrincipal): Promise<void>;
  /** Adds and updates what was listed; answers the ids that are stored as present but were not listed. */
  saveAssignments(
    tenantId: string,
    servicePrincipalId: string,
    listed: readonly MirrorAssignment[],
  ): Promise<readonly string[]>;
  /** Assignments whose own id answered 404. */
  dropAssignments(tenantId: string, servicePrincipalId: string, ids: readonly string[]): Promise<void>;
  /** Stamp of the newest change. */
  version(tenantId: string): Promise<number>;
  /** Objects as somebody found them after `asOf`; what was written meanwhile by a refresh is left as that has it. */
  saveFound(
    tenantId: string,
    asOf: number,
    found: { readonly objects: readonly MirrorObject[]; readonly tombstones: readonly MirrorTombstone[] },
  ): Promise<void>;
  /** Replaces the groups that a user is a direct member of, by a listing that was read to its end; the same holds. */
  replaceGroupsOf(tenantId: string, asOf: number, memberId: string, groupIds: readonly string[]): Promise<void>;
  beginRefresh(tenantId: string, at: Date): Promise<void>;
  /** Notes that everything was read; answers the mirror's version. */
  completeRefresh(tenantId: string, at: Date): Promise<number>;
}
