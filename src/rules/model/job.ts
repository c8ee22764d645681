// A synchronization job and its runs: the records that cycle, store and control share.
import type { Judgement } from './held.ts';
import type { SynchronizationSchema } from './schema.ts';
import type { JobDialect } from './target.ts';
import type { FailedExchange, SystemErrorCode, ObjectErrorCode } from './errors.ts';

export const scheduleStates = ['Active', 'Disabled', 'Paused'] as const;
export type ScheduleState = (typeof scheduleStates)[number];

export const quarantineReasons = [
  'EncounteredBaseEscrowThreshold',
  'EncounteredTotalEscrowThreshold',
  'EncounteredEscrowProportionThreshold',
  'EncounteredQuarantineException',
  'Unknown',
  'QuarantinedOnDemand',
  'TooManyDeletes',
  'IngestionInterrupted',
] as const;
export type QuarantineReason = (typeof quarantineReasons)[number];

export interface Quarantine {
  readonly reason: QuarantineReason;
  readonly currentBegan: Date;
  readonly nextAttempt: Date;
  readonly seriesBegan: Date;
  readonly seriesCount: number;
  readonly error: CycleError | null;
}

/** Which users and groups a job looks at: `SyncAll` in the secrets of Graph's API. */
export type ScopeSetting = 'all' | 'assigned';

export interface Job {
  /** `{templateId}.{tenantId, 32 hex}.{guid}`. */
  readonly id: string;
  readonly tenantId: string;
  readonly servicePrincipalId: string;
  readonly templateId: string;
  readonly createdAt: Date;
  readonly scheduleState: ScheduleState;
  readonly intervalSeconds: number;
  /** Graph's synchronizationJobSettings: name → value. */
  readonly settings: Readonly<Record<string, string>>;
  readonly dialect: JobDialect;
  /** Mirror version up to which every object is written, in escrow, held, or skipped; `null` = initial cycle is due. */
  readonly watermark: number | null;
  readonly quarantine: Quarantine | null;
  readonly successiveFailures: number;
  /** An initial cycle met too many errors, and the job was paused after it. */
  readonly escrowsPruned: boolean;
  readonly steadyStateFirst: Date | null;
  readonly steadyStateLast: Date | null;
}

export interface SchemaVersion {
  readonly version: number;
  readonly savedAt: Date;
  /** `null` for the version that a job was created with. */
  readonly savedBy: string | null;
}
export interface StoredSchema extends SchemaVersion {
  readonly schema: SynchronizationSchema;
}

export const cycleTypes = ['initial', 'incremental'] as const;
export type CycleType = (typeof cycleTypes)[number];
export const cycleStates = ['queued', 'running', 'succeeded', 'entryLevelErrors', 'failed', 'stopped'] as const;
export type CycleState = (typeof cycleStates)[number];
export const unfinishedStates: readonly CycleState[] = ['queued', 'running'];
/**
 * In this order: all leavers are known before the first of them is disabled or deleted, and they are before anything is made;
 * retried objects come before references, so that a reference to one of them is written in the same cycle.
 */
export const cyclePhases = [
  'refresh',
  'leavers',
  'deprovision',
  'users',
  'groups',
  'escrow',
  'references',
  'done',
] as const;
export type CyclePhase = (typeof cyclePhases)[number];

export const cycleCounters = [
  'imported',
  'inScope',
  'created',
  'updated',
  'disabled',
  'restored',
  'deleted',
  'skipped',
  'failed',
  'held',
  'membersAdded',
  'membersRemoved',
  'sourceRequests',
  'targetRequests',
  'targetWrites',
] as const;
export type CycleCounter = (typeof cycleCounters)[number];
export type CycleCounts = Readonly<Record<CycleCounter, number>>;

export const noCounts: CycleCounts = Object.fromEntries(cycleCounters.map((c) => [c, 0])) as Record<
  CycleCounter,
  number
>;
export const addCounts = (a: CycleCounts, b: Partial<CycleCounts>): CycleCounts =>
  Object.fromEntries(cycleCounters.map((c) => [c, a[c] + (b[c] ?? 0)])) as Record<CycleCounter, number>;

export interface CycleError {
  readonly code: SystemErrorCode | ObjectErrorCode | QuarantineReason | 'InternalError';
  readonly message: string;
  readonly exchange?: FailedExchange;
}

export interface Cycle {
  readonly id: string;
  readonly jobId: string;
  readonly type: CycleType;
  readonly dryRun: boolean;
  /** `onDemand`: chosen objects, beside the cycles of the schedule; it moves neither watermark nor quarantine. */
  readonly trigger: 'schedule' | 'operator' | 'start' | 'onDemand';
  /** Of an on-demand run: the members that may be written to groups; `null` = all. */
  readonly onlyMembers: readonly string[] | null;
  readonly state: CycleState;
  readonly phase: CyclePhase;
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly schemaVersion: number;
  /** The mirror versions this cycle covers: objects with `from < version <= to`; `to` is null before the refresh. */
  readonly from: number;
  readonly to: number | null;
  readonly progress: { readonly done: number; readonly total: number };
  readonly counts: CycleCounts;
  /** `null` until all leavers are known. */
  readonly guard: Judgement | null;
  readonly error: CycleError | null;
  /** How often a start went on with it after a pause. */
  readonly resumed: number;
  /** The job was in quarantine: one object goes first, and the others follow when the target bore it. */
  readonly probing: boolean;
  /** Objects and references in escrow when it ended. */
  readonly escrowed: number | null;
}

/** Is one object to go before the others? Leavers are looked for without asking the application anything. */
export const goesFirst = ({ probing, phase }: Pick<Cycle, 'probing' | 'phase'>): boolean =>
  probing && phase !== 'leavers';

/** The unit of work: ids of one phase, processed by any worker, recorded in one transaction. */
export interface Page {
  readonly id: string;
  readonly cycleId: string;
  readonly phase: CyclePhase;
  readonly seq: number;
  readonly objectIds: readonly string[];
  readonly done: boolean;
  /** Token of the run that took it last; `null` = nobody has it in hand. */
  readonly holder: string | null;
}

/** So long a page stays with its run after a sign of life, in milliseconds: then another may take it. */
export const PAGE_LEASE_MS = 6_000;
