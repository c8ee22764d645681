// What goes in and out of the store: records that the cycle and the store both speak of.
import type { MatchQuery, OutOfScopeReason, Outcome, ReferenceOutcome } from './decisions.ts';
import type { ObjectError } from './errors.ts';
import type { NextRetry } from './escrow.ts';
import type { HeldBefore } from './held.ts';
import type { Cycle, CycleCounts, CycleType, Job, Page } from './job.ts';
import type { JsonObject } from './json.ts';
import type { LogEntry } from './log.ts';
import type { SynchronizationSchema } from './schema.ts';
import type { Entitlement, ObjectType, SourceObject } from './source-object.ts';
import type { JobDialect, Link, ResourceType, TargetResource } from './target.ts';

/** Ids of groups: joined directly, and through any number of nested groups. */
export interface NamedGroups {
  readonly direct: readonly string[];
  readonly transitive: readonly string[];
}

export interface NewJob {
  readonly tenantId: string;
  readonly servicePrincipalId: string;
  readonly templateId: string;
  readonly id: string;
  readonly intervalSeconds: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly dialect: JobDialect;
  readonly schema: SynchronizationSchema;
}

export type JobPatch = Partial<
  Pick<
    Job,
    | 'scheduleState'
    | 'intervalSeconds'
    | 'settings'
    | 'dialect'
    | 'watermark'
    | 'quarantine'
    | 'successiveFailures'
    | 'escrowsPruned'
    | 'steadyStateFirst'
    | 'steadyStateLast'
  >
>;

/** What a restart forgets of a job. */
export type Forgettable = 'links' | 'escrows';

export interface NewCycle {
  readonly id: string;
  readonly jobId: string;
  readonly type: CycleType;
  readonly dryRun: boolean;
  readonly trigger: Cycle['trigger'];
  readonly queuedAt: Date;
  readonly schemaVersion: number;
  readonly from: number;
  /** The job is in quarantine: one object goes first. */
  readonly probing?: boolean;
  /** What an on-demand run looks at, instead of what changed. */
  readonly chosen?: ChosenObjects;
}
/** Source ids. */
export interface ChosenObjects {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Members that may be written to the groups. */
  readonly members: readonly string[];
}

/** An object with everything that deciding about it needs. */
export interface Candidate {
  readonly object: SourceObject;
  readonly entitlements: readonly Entitlement[];
  /** Of the groups that filters name, those that it is in. */
  readonly groups: NamedGroups;
  readonly link: Link | null;
  /** What an earlier cycle held of it. */
  readonly held: HeldBefore | null;
  /** It is in escrow, did not change since, and somebody decided to leave it alone. */
  readonly ignored?: true;
  /** An intent without a known end: something may have been written that nothing was recorded of. */
  readonly unsure?: true;
  /** What an account that may have been created would be found by, whatever its object is called now. */
  readonly foundBy?: readonly MatchQuery[];
  /** State of its link when the links were forgotten; nothing was decided about it since. */
  readonly formerlyLinked?: Link['state'];
}

/** A linked group, and whether its members may differ from what was last written. */
export interface MemberGroup {
  readonly groupId: string;
  readonly targetId: string;
  readonly displayName: string;
  /** True until the members that the target already has were read once (after adopting a group). */
  readonly unread: boolean;
  /** Somebody is to be added, removed, awaited, or waits in escrow. */
  readonly differs: boolean;
}

export type MemberChangeKind = 'add' | 'remove';
/** One member who is to come or to go. */
export interface MemberChange extends Reference {
  /** A change of this member was sent before and its answer is not known. */
  readonly unsure: boolean;
}
/** The next part of a group's differences, in the order of member ids. */
export interface MemberSlice {
  readonly groupId: string;
  readonly kind: MemberChangeKind;
  /** Source id of the last member seen; empty = from the beginning. */
  readonly after: string;
  readonly limit: number;
  readonly retry: MemberRetry;
}
/** When a member in escrow is sent again: once due, or when it changed in the directory since the last cycle. */
export interface MemberRetry {
  readonly at: Date;
  /** Version of the mirror that the last cycle had seen; `null` in an initial cycle, where everything counts as new. */
  readonly changedAfter: number | null;
  readonly cycleStart: Date;
  /** Absent or `null` = all members. */
  readonly only?: readonly string[] | null;
}

/** A request about some members of a group, as the writer that holds the group. */
export interface MemberBatch {
  readonly jobId: string;
  readonly cycleId: string;
  readonly groupId: string;
  /** Token of the writer. */
  readonly writer: string;
  readonly kind: MemberChangeKind;
  readonly changes: readonly MemberChange[];
}
/** What became of a batch. Members in none of the lists stay unsure. */
export interface MemberRecord extends MemberBatch {
  readonly done: readonly MemberChange[];
  readonly refused: readonly RefusedMember[];
  /** Certainly not written, and not to blame. */
  readonly untouched: readonly MemberChange[];
  readonly at: Date;
  readonly nextRetry: NextRetry;
}
export interface RefusedMember {
  readonly change: MemberChange;
  readonly error: ObjectError;
}
/** `lost`: another run writes the group now. `ended`: the cycle was stopped meanwhile; what was written is recorded. */
export type MemberRecorded = 'recorded' | 'lost' | 'ended';

/** The attribute of a group that lists its members, as escrow and pending references name it. */
export const MEMBERS = 'members';
/** Subject of the escrow of one member of a group. */
export const memberSubject = (memberId: string): string => `${MEMBERS}/${memberId}`;

export interface Reference {
  readonly sourceId: string;
  readonly targetId: string;
}

/** A value that an object wants to have to itself: path and value in lower case, or the fingerprint of what nobody may see. */
export interface UniqueClaim {
  readonly path: string;
  readonly value: string;
  readonly sourceId: string;
}

/** A reading of all accounts of a type, for matching in one cycle. */
export interface Listing {
  readonly cycleId: string;
  readonly type: ResourceType;
  /** `unusable`: refused, incomplete, or not worth its requests; accounts are looked up one by one. */
  readonly state: 'reading' | 'complete' | 'unusable';
  /** Where the next page begins, as the target counts or names it. */
  readonly position: string;
  readonly lastId: string | null;
  readonly received: number;
  readonly requests: number;
  /** The listing leaves attributes out that a read by id shows. */
  readonly partial: boolean;
}
export interface ListedEntry {
  readonly id: string;
  readonly attributes: JsonObject;
  /** Matching paths with their values in lower case. */
  readonly values: readonly ListedKey[];
}
export interface ListedKey {
  readonly path: string;
  readonly value: string;
}

/** An account that is listed under a key. */
export interface ListedAccount extends ListedKey {
  readonly resource: TargetResource;
}

export interface ManagerDiff {
  readonly userId: string;
  readonly targetId: string;
  readonly displayName: string;
  /** Target id of the manager; `null` = none, or none yet. */
  readonly desired: Reference | null;
  readonly pending: string | null;
  readonly known: string | null;
  readonly linkedAt: Date;
}

export interface PageRecord {
  readonly page: Page;
  readonly jobId: string;
  readonly outcomes: readonly Outcome[];
  readonly references: readonly ReferenceOutcome[];
  /** Ids of objects that were not dealt with, because the cycle was stopped: the page stays open for them. */
  readonly left: readonly string[];
  /** Of a page of leavers. */
  readonly leavers?: FoundLeavers;
  readonly counts: Partial<CycleCounts>;
  readonly log: readonly LogEntry[];
  readonly at: Date;
  readonly nextRetry: NextRetry;
}
/** What a page of leavers found. */
export interface FoundLeavers {
  readonly staged: readonly StagedLeaver[];
  /** Source ids of objects that are to be neither disabled nor deleted: nothing of them is held any more. */
  readonly cleared: readonly string[];
}
/** An object that lost its access, and has or may have an account. */
export interface StagedLeaver {
  readonly sourceId: string;
  readonly type: ObjectType;
  readonly because: OutOfScopeReason;
  /** No earlier cycle held it: it counts. */
  readonly fresh: boolean;
}

/** One link with what stands in its way. */
export interface LinkRecord extends Link {
  /** Why the object is in escrow. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Its disable or delete waits for approval. */
  readonly held: boolean;
}
export interface LinkQuery {
  readonly type?: ObjectType;
  readonly state?: Link['state'];
  /** Part of the display name, in any case, or one of the two ids as a whole. */
  readonly search?: string;
  readonly limit: number;
  /** Source id of the last link that was answered. */
  readonly after?: string;
}
/** Why a link was not made or removed. */
export type LinkRefusal =
  | { readonly kind: 'running'; readonly cycleId: string }
  | { readonly kind: 'linked'; readonly sourceId: string; readonly targetId: string };

export interface LogQuery {
  readonly jobId?: string;
  readonly cycleId?: string;
  readonly changeId?: string;
  readonly servicePrincipalId?: string;
  readonly action?: string;
  readonly status?: string;
  readonly sourceId?: string;
  readonly sourceNameContains?: string;
  readonly targetId?: string;
  readonly after?: Date;
  readonly before?: Date;
  readonly ascending?: boolean;
  readonly limit: number;
  /** Opaque cursor from an earlier answer. */
  readonly cursor?: string;
}
