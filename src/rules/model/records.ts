// What goes in and out of the store: records that the cycle and the store both speak of.
import type { Outcome, ReferenceOutcome } from './decisions.ts';
import type { ObjectError } from './errors.ts';
import type { Cycle, CycleCounts, CycleType, Job, Page } from './job.ts';
import type { LogEntry } from './log.ts';
import type { SynchronizationSchema } from './schema.ts';
import type { Entitlement, SourceObject } from './source-object.ts';
import type { JobDialect, Link } from './target.ts';

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
    | 'forceDeletes'
    | 'quarantine'
    | 'successiveFailures'
    | 'steadyStateFirst'
    | 'steadyStateLast'
  >
>;

export interface NewCycle {
  readonly id: string;
  readonly jobId: string;
  readonly type: CycleType;
  readonly dryRun: boolean;
  readonly trigger: Cycle['trigger'];
  readonly queuedAt: Date;
  readonly schemaVersion: number;
  readonly from: number;
  readonly forceDeletes: boolean;
}

/** An object with everything that deciding about it needs. */
export interface Candidate {
  readonly object: SourceObject;
  readonly entitlements: readonly Entitlement[];
  readonly link: Link | null;
  /** The deletion guard holds its disable or delete until somebody approves it. */
  readonly held: boolean;
  /** An intent without a known end: something may have been written that nothing was recorded of. */
  readonly unsure?: true;
}

/** Members of a group as they should be against as they were last written. */
export interface MembershipDiff {
  readonly groupId: string;
  readonly targetId: string;
  readonly displayName: string;
  readonly add: readonly Reference[];
  readonly remove: readonly Reference[];
  /** Source ids of members without an account yet. */
  readonly pending: readonly string[];
  /** True until the members that the target already has were read once (after adopting a group). */
  readonly unread: boolean;
}

export interface Reference {
  readonly sourceId: string;
  readonly targetId: string;
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
  readonly counts: Partial<CycleCounts>;
  readonly log: readonly LogEntry[];
  readonly at: Date;
  /** When a failed object is tried next; `null` = only when its source changes. */
  readonly nextRetry: (error: ObjectError, attempts: number, at: Date) => Date | null;
}

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
