// What the cycle needs of the world. The adapters (directory, target, store, queue) fit these shapes; app.ts hands them in.
// Long because it is the whole list: everything that the pipeline can ask for stands in one place.
import type { ListedPage } from '../rules/matching/listing.ts';
import type { Action, MatchQuery } from '../rules/model/decisions.ts';
import type { ObjectError, ObjectErrorCode } from '../rules/model/errors.ts';
import type {
  EscrowCauseEntry,
  EscrowChoice,
  EscrowDecision,
  EscrowEntry,
  EscrowQuery,
} from '../rules/model/escrow.ts';
import type { FeedPage } from '../rules/model/feed.ts';
import type { IdTally } from '../rules/model/id-tally.ts';
import type { JobEvent } from '../rules/model/job-events.ts';
import type {
  Cycle,
  CycleCounts,
  CycleError,
  CyclePhase,
  CycleState,
  Job,
  Page,
  ScopeSetting,
  SchemaVersion,
  StoredSchema,
} from '../rules/model/job.ts';
import type { Decided, HeldFilter, HeldObject, HeldSelection, Judgement } from '../rules/model/held.ts';
import type { JsonObject } from '../rules/model/json.ts';
import type { AuditEntry, LogEntry } from '../rules/model/log.ts';
import type { DirectoryServicePrincipal, MirrorServicePrincipal, RefreshCertificate } from '../rules/model/mirror.ts';
import type {
  Candidate,
  ChosenObjects,
  Forgettable,
  JobPatch,
  LinkQuery,
  LinkRecord,
  LinkRefusal,
  ListedAccount,
  ListedEntry,
  ListedKey,
  Listing,
  LogQuery,
  ManagerDiff,
  MemberBatch,
  MemberChange,
  MemberGroup,
  MemberRecord,
  MemberRecorded,
  MemberRetry,
  MemberSlice,
  NamedGroups,
  NewCycle,
  NewJob,
  PageRecord,
  UniqueClaim,
} from '../rules/model/records.ts';
import type { SynchronizationSchema } from '../rules/model/schema.ts';
import type { AppRole, ObjectType } from '../rules/model/source-object.ts';
import type { Fingerprint } from '../rules/planning/seal.ts';
import type { Leavers } from '../rules/safety/deletion-guard.ts';
import type { MemberLosses } from '../rules/safety/member-guard.ts';
import type { Standing } from '../rules/safety/quarantine-thresholds.ts';
import type { ScopeReads } from '../rules/scoping/scope-reads.ts';
import type {
  Dialect,
  DialectKnobs,
  Link,
  PatchOperation,
  ResourceType,
  SelfDescription,
  TargetConnection,
  TargetResource,
} from '../rules/model/target.ts';

/** Brings the mirror up to date. Throws SystemError; a certificate means that everything was read. */
export interface Directory {
  refresh(request: RefreshRequest): Promise<RefreshCertificate>;
  /** An id that the directory does not know is noted as gone only when the mirror knew it. Throws SystemError. */
  readObjects(request: ObjectsRequest): Promise<{ readonly requests: number }>;
  /** Graph's service principal by id; `null` when a 404 says that it does not exist. */
  servicePrincipal(id: string): Promise<DirectoryServicePrincipal | null>;
}
/** Chosen objects, to be read into the mirror as they are now. */
export interface ObjectsRequest {
  readonly tenantId: string;
  readonly select: Readonly<Record<ObjectType, readonly string[]>>;
  /** Its assignments are read too. */
  readonly servicePrincipalId: string;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}
export interface RefreshRequest {
  readonly tenantId: string;
  /** Graph properties to select, from the union of all jobs' schemas. */
  readonly select: Readonly<Record<ObjectType, readonly string[]>>;
  /** Assignments of these applications are read too. */
  readonly servicePrincipalIds: readonly string[];
}

export type TargetAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ObjectError };

/** One target, as one page uses it. Throws SystemError when the target is lost; a refusal of one object is an answer. */
export interface TargetSession {
  readonly dialect: Dialect;
  /** Entra's connection test: a look-up of a user that cannot exist. Throws SystemError with the reason. */
  testConnection(matchingPath: string): Promise<void>;
  /** What the target says of itself. Throws SystemError when it is lost. */
  discover(): Promise<SelfDescription>;
  /** Resources whose attribute equals the value (checked again on the answer). */
  find(type: ResourceType, query: MatchQuery): Promise<TargetAnswer<readonly TargetResource[]>>;
  /** A page of all resources from a position on, as the dialect pages. */
  list(type: ResourceType, position: string): Promise<TargetAnswer<ListedPage>>;
  get(type: ResourceType, id: string): Promise<TargetAnswer<TargetResource>>;
  create(type: ResourceType, body: JsonObject): Promise<TargetAnswer<TargetResource>>;
  /** `null` when the target answered without a body. */
  patch(
    type: ResourceType,
    id: string,
    operations: readonly PatchOperation[],
  ): Promise<TargetAnswer<TargetResource | null>>;
  /** A 404 counts as done: the account is gone. */
  remove(type: ResourceType, id: string): Promise<TargetAnswer<null>>;
  /** Requests sent since the session was opened. */
  readonly sent: { readonly requests: number; readonly writes: number };
}
export interface TargetOptions {
  /** Roles of the application, for dialects that write them with their ids. */
  readonly roles?: readonly AppRole[];
  /** Forms that were seen to take effect before. */
  readonly proven?: readonly string[];
  /** Is told what was found out about the target. Without it nothing is tried beyond the dialect as it is. */
  readonly learn?: (finding: DialectFinding) => Promise<void>;
  /** Is told that a form was not understood; answers what the target says of itself about that, as hints. */
  readonly misunderstood?: () => Promise<DialectKnobs>;
  /** Is asked before each request that writes; after `false` it is not sent, and Withdrawn is thrown. */
  readonly mayWrite?: () => Promise<boolean>;
}
export interface DialectFinding {
  readonly knobs: DialectKnobs;
  readonly proven: readonly string[];
  /** What taught it: the refusal of the target. */
  readonly why: string;
}
export interface Targets {
  open(connection: TargetConnection, dialect: Dialect, options?: TargetOptions): TargetSession;
}

/** The part of a logger that the pipeline uses; pino fits. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface Clock {
  now(): Date;
}

export interface Queue {
  /** Asks a worker to take the cycle one step further. Idempotent: a second request for the same step is dropped. */
  advance(cycleId: string, phase: CyclePhase): Promise<void>;
  /** Spreads pages over the workers and advances the cycle from `phase` when all of them have ended. */
  pages(cycleId: string, phase: CyclePhase, pageIds: readonly string[]): Promise<void>;
  /** Starts a cycle of the job every interval, first at `startAt`. Replaces an earlier schedule. */
  schedule(jobId: string, intervalSeconds: number, startAt: Date): Promise<void>;
  unschedule(jobId: string): Promise<void>;
}

export interface JobStore {
  create(job: NewJob): Promise<Job>;
  get(id: string): Promise<Job | null>;
  list(filter?: { readonly servicePrincipalId?: string }): Promise<readonly Job[]>;
  /** `events` tell people about the change, and are kept in the same transaction. */
  update(id: string, patch: JobPatch, events?: readonly JobEvent[]): Promise<Job>;
  /** Deletes the job and all of its state; no target is touched. */
  delete(id: string): Promise<void>;
  schema(id: string): Promise<StoredSchema>;
  schemaVersion(id: string, version: number): Promise<StoredSchema>;
  /** Newest first. */
  schemaVersions(id: string): Promise<readonly SchemaVersion[]>;
  saveSchema(id: string, schema: SynchronizationSchema, savedBy: string): Promise<StoredSchema>;
  /** Adds to what was found out about the job's target; answers whether any of the knobs is news. */
  noteDialect(id: string, found: Pick<DialectFinding, 'knobs' | 'proven'>): Promise<boolean>;
  /** Linked objects by type. */
  linkCounts(id: string): Promise<Readonly<Record<ObjectType, number>>>;
  escrowCount(id: string): Promise<number>;
  /** Disables and deletes that wait for approval. */
  heldCount(id: string): Promise<number>;
  /**
   * A restart: forgets and changes in one transaction. Objects whose links are forgotten are looked up when they are out
   * of scope; disables and deletes in escrow stay, due at once.
   */
  reset(id: string, forgotten: readonly Forgettable[], patch: JobPatch, events?: readonly JobEvent[]): Promise<void>;
}

/** What is in escrow, and what people decided about it. */
export interface EscrowStore {
  /** In the order of source ids. */
  list(
    jobId: string,
    query: EscrowQuery,
  ): Promise<{ readonly entries: readonly EscrowEntry[]; readonly next: string | null }>;
  /** The most frequent first. */
  causes(jobId: string): Promise<readonly EscrowCauseEntry[]>;
  standing(jobId: string): Promise<Standing>;
  /** Answers how many failures it was about. */
  decide(jobId: string, choice: EscrowChoice, decision: EscrowDecision): Promise<number>;
  /** Makes failures with these codes due; what somebody ignores or snoozes stays so. Answers how many. */
  wake(jobId: string, codes: readonly ObjectErrorCode[], at: Date): Promise<number>;
}

export interface SecretStore {
  /** Decrypted; keys as in Graph's synchronizationSecret enum. */
  get(servicePrincipalId: string): Promise<Readonly<Record<string, string>>>;
  /** Replaces the whole set. */
  replace(servicePrincipalId: string, secrets: Readonly<Record<string, string>>): Promise<void>;
}

export interface CycleStore {
  /** `null` with the running cycle when the job has an unfinished one: never two at once for one job. */
  open(cycle: NewCycle): Promise<{ readonly opened: Cycle } | { readonly running: Cycle }>;
  get(id: string): Promise<Cycle | null>;
  /** Newest first; on-demand runs are none of the job's cycles. */
  list(jobId: string, limit: number): Promise<readonly Cycle[]>;
  /** What an on-demand run was asked for. */
  chosen(id: string): Promise<Pick<ChosenObjects, 'users' | 'groups'>>;
  unfinished(): Promise<readonly Cycle[]>;
  /**
   * Moves to a phase if the cycle still stands at `from`; `null` when somebody else was faster or it has ended. With `cut`, what
   * filters look at beside the objects themselves, the work of the phase is cut into pages (while the job is tried with one
   * object, that is the first page) and added to `progress.total` in the
   * same transaction: a phase that nobody has cut would be taken for one that is done.
   */
  enterPhase(
    id: string,
    from: CyclePhase,
    to: CyclePhase,
    patch: {
      readonly to?: number;
      readonly startedAt?: Date;
      readonly cut?: ScopeReads;
      readonly guard?: Judgement;
    },
  ): Promise<Cycle | null>;
  addCounts(id: string, counts: Partial<CycleCounts>): Promise<void>;
  /** The application bore the first object: the others follow. */
  letFollow(id: string): Promise<void>;
  /** Ends an unfinished cycle; `false` when it had ended already, and then nothing else is done. One transaction. */
  end(
    id: string,
    end: {
      readonly state: CycleState;
      readonly at: Date;
      readonly error: CycleError | null;
      /** The job's from now on. */
      readonly watermark?: number;
      readonly escrowed?: number;
      readonly job?: { readonly patch: JobPatch; readonly events: readonly JobEvent[] };
    },
  ): Promise<boolean>;
  /** Ends the job's running cycle. `toGoOn`: a start goes on with it, unless it was a what-if. */
  stop(jobId: string, how: { readonly at: Date; readonly toGoOn: boolean }): Promise<void>;
  /** Goes on with the job's last cycle where a pause stopped it; `null` when there is nothing to go on with. */
  goOn(jobId: string): Promise<Cycle | null>;
  /**
   * Takes a page in hand for PAGE_LEASE_MS, by the clock of the database. `held` = another run has it; `null` = nothing is
   * left to do, or its cycle has ended.
   */
  takePage(pageId: string, holder: string): Promise<Page | 'held' | null>;
  /** Keeps it for as long again; `false` when another run has it. */
  keepPage(page: Page): Promise<boolean>;
  /** Whether the page is in this run's hand and its cycle goes on. */
  mayWrite(page: Page): Promise<boolean>;
  /** Gives a page back that is not recorded, once nothing is under way for it any more. */
  releasePage(page: Page): Promise<void>;
  unfinishedPages(id: string, phase: CyclePhase): Promise<readonly string[]>;
  /** Notes an attempt at a page that ended in a defect. */
  pageFailed(pageId: string): Promise<void>;
  /** Unfinished pages that failed so often that nobody tries them again. */
  pagesGivenUp(id: string, phase: CyclePhase): Promise<number>;
  /** Who is to lose access in this cycle, and who lost it lately. */
  leavers(id: string, at: Date): Promise<Readonly<Record<ObjectType, Leavers>>>;
  /** Counts `n` linked accounts that are gone from the target; answers how many the cycle had seen before. */
  countGone(id: string, n: number): Promise<number>;
}

export interface ProvisioningStore {
  /** The application with its roles, as the last refresh read it. */
  servicePrincipal(tenantId: string, id: string): Promise<MirrorServicePrincipal | null>;
  /** `groups`: those whose members are told apart by filters. */
  candidates(job: Job, ids: readonly string[], groups: NamedGroups): Promise<readonly Candidate[]>;
  /** Display names of groups by id; unknown ones are left out. */
  groupNames(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Which source object each of these accounts is linked to: target id → source id. */
  linkedTo(jobId: string, type: ObjectType, targetIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Reserves values for new accounts of this page; answers the claims that were granted. */
  reserveValues(page: Page, jobId: string, claims: readonly UniqueClaim[]): Promise<readonly UniqueClaim[]>;
  /** Writes the intents of a page; answers the source ids that another page or run holds. */
  intend(
    page: Page,
    jobId: string,
    actions: readonly Action[],
    foundBy?: ReadonlyMap<string, readonly MatchQuery[]>,
  ): Promise<ReadonlySet<string>>;
  /** Answers the owners whose references this run may write; `token` tells it from others. */
  takeReferences(page: Page, jobId: string, ownerIds: readonly string[], token: string): Promise<ReadonlySet<string>>;
  memberGroups(job: Job, groupIds: readonly string[]): Promise<readonly MemberGroup[]>;
  /** How many members a group is to lose, and what the deletion guard needs to judge that. */
  memberLosses(job: Job, groupId: string, retry: MemberRetry): Promise<MemberLosses>;
  /** The next members to add or to remove, in the order of their ids. */
  memberChanges(job: Job, slice: MemberSlice): Promise<readonly MemberChange[]>;
  countMemberChanges(job: Job, of: Pick<MemberSlice, 'groupId' | 'kind' | 'retry'>): Promise<IdTally>;
  /** Members without an account yet. */
  awaitedMembers(job: Job, groupId: string): Promise<IdTally>;
  /** Before a batch goes out; `false` when another run writes the group now. */
  markMembers(batch: MemberBatch): Promise<boolean>;
  /** After a batch was answered: members, counts and escrows in one transaction. */
  recordMembers(record: MemberRecord): Promise<MemberRecorded>;
  /** At the end of a group: notes who is awaited, and answers that. */
  settleMembers(job: Job, groupId: string): Promise<IdTally>;
  managerDiffs(job: Job, userIds: readonly string[], managerPath: string): Promise<readonly ManagerDiff[]>;
  /** Notes members that the target shows; ids without a link are left alone, and who is not shown stays as noted. */
  noteMembers(jobId: string, groupId: string, targetIds: readonly string[]): Promise<void>;
  /** The members that an adopted group had are noted. */
  membersWereRead(jobId: string, groupId: string): Promise<void>;
  /** `lost`: another run has the page, and nothing was recorded. One transaction: links, managers, pending references, escrows, held deletions, log, counts, intents, page done. */
  recordPage(record: PageRecord): Promise<'recorded' | 'lost'>;
}

export interface HeldPart {
  readonly limit: number;
  /** Id of the last one seen. */
  readonly after?: string;
}
export interface HeldPage {
  readonly held: readonly HeldObject[];
  /** What `after` is for the next part; `null` at the end. */
  readonly next: string | null;
}
/** What the deletion guard holds. */
export interface HeldStore {
  /** In the order of source ids. */
  list(jobId: string, filter: HeldFilter, part: HeldPart): Promise<HeldPage>;
  /** Answers the ids of those that were decided. */
  decide(jobId: string, which: HeldSelection, decided: Decided): Promise<readonly string[]>;
}

/** What a cycle has listed of its target; it goes with the cycle. */
export interface ListingStore {
  get(cycleId: string, type: ResourceType): Promise<Listing | null>;
  /** One reader over all processes; who comes later waits. */
  exclusively<T>(cycleId: string, type: ResourceType, work: () => Promise<T>): Promise<T>;
  /** How many objects of the cycle have no link and, as far as assignments tell, are in scope. */
  toMatch(job: Job, cycleId: string, type: ObjectType, scope: ScopeSetting): Promise<number>;
  /** Answers how many of the entries were not listed before; `null` when the cycle has ended. */
  savePage(listing: Listing, entries: readonly ListedEntry[]): Promise<number | null>;
  /** Adds accounts that the cycle made. */
  add(cycleId: string, type: ResourceType, entries: readonly ListedEntry[]): Promise<void>;
  find(cycleId: string, type: ResourceType, keys: readonly ListedKey[]): Promise<readonly ListedAccount[]>;
  /** How many of the wanted checks of the listing are still to be made, `most` over all pages; they count as made. */
  takeChecks(
    cycleId: string,
    type: ResourceType,
    checks: { readonly wanted: number; readonly most: number },
  ): Promise<number>;
  /** How many linked accounts the listing does not show. */
  linksMissing(jobId: string, linked: ObjectType, cycleId: string, type: ResourceType): Promise<number>;
}

export interface LinkStore {
  /** In the order of their source ids. */
  list(jobId: string, query: LinkQuery): Promise<readonly LinkRecord[]>;
  /** `null` when it is done. */
  link(link: Link): Promise<LinkRefusal | null>;
  /** `false` when there is no such link. */
  unlink(jobId: string, sourceId: string, at: Date): Promise<LinkRefusal | boolean>;
}

export interface LogStore {
  provisioning(query: LogQuery): Promise<{ readonly entries: readonly LogEntry[]; readonly next: string | null }>;
  provisioningEntry(id: string): Promise<LogEntry | null>;
  audit(entry: AuditEntry): Promise<void>;
}

/** What people are told of. Never waits for a mail server: a notifier sends it later. */
export interface Events {
  /** Keeps the event, unless one of the same key was kept before. */
  emit(event: JobEvent): Promise<void>;
}

/** The provisioning log as it grows. */
export interface FeedStore {
  /** The place behind everything that there is now. */
  end(): Promise<string>;
  /** What comes after a place, in the order in which it became true. Throws RangeError for what is no place. */
  after(place: string): Promise<FeedPage>;
  /** Forgets what is older; the log itself stays. */
  trim(before: Date): Promise<void>;
}

export interface Deps {
  readonly clock: Clock;
  readonly newId: () => string;
  /** In [0, 1), from a cryptographic source. */
  readonly random: () => number;
  /** What is kept of values that nobody may see. */
  readonly fingerprint: Fingerprint;
  readonly directory: Directory;
  readonly targets: Targets;
  readonly jobs: JobStore;
  readonly secrets: SecretStore;
  readonly cycles: CycleStore;
  readonly escrows: EscrowStore;
  readonly provisioning: ProvisioningStore;
  readonly held: HeldStore;
  readonly listings: ListingStore;
  readonly links: LinkStore;
  readonly logs: LogStore;
  readonly feed: FeedStore;
  readonly events: Events;
  readonly queue: Queue;
  readonly logger: Logger;
}
