// The use-cases' dependencies in memory, for tests of shapes and orchestration; the e2e tests run them on the real ones.
import { memoryAccess } from './memory-access.ts';
import { findTemplate, jobTemplates } from '../../config/applications/index.ts';
import type {
  CycleStore,
  EscrowStore,
  JobStore,
  LogStore,
  Queue,
  SecretStore,
  TargetSession,
} from '../../src/cycle/ports.ts';
import type { LogQuery } from '../../src/rules/model/records.ts';
import type { UseCaseDeps } from '../../src/cycle/use-cases/deps.ts';
import { noCounts, unfinishedStates } from '../../src/rules/model/job.ts';
import type { JobEvent } from '../../src/rules/model/job-events.ts';
import type { AccessStore } from '../../src/rules/model/access.ts';
import type { Cycle, Job, StoredSchema } from '../../src/rules/model/job.ts';
import type { AuditEntry, LogEntry } from '../../src/rules/model/log.ts';
import type { MirrorServicePrincipal } from '../../src/rules/model/mirror.ts';
import { rfcDialect } from '../../src/rules/model/target.ts';
import { fingerprinter } from '../../src/store/secrets/fingerprint.ts';
import { mergeFound } from '../../src/rules/scim/dialects.ts';

export const TENANT = 'ff8bf889-e031-41ac-8f7b-aedb059892ee';
/** Object id of the application of `SP`. */
export const APPLICATION = '6d1a9c1e-0000-4000-8000-0000000000aa';
export const SP: MirrorServicePrincipal = {
  id: '6d1a9c1e-0000-4000-8000-000000000001',
  appId: '6d1a9c1e-0000-4000-8000-00000000000a',
  displayName: 'Contoso Intranet',
  appRoles: [],
};

export interface FakeWorld {
  readonly deps: UseCaseDeps;
  readonly access: AccessStore;
  readonly jobs: Map<string, Job>;
  readonly schemas: Map<string, StoredSchema[]>;
  readonly secrets: Map<string, Readonly<Record<string, string>>>;
  readonly cycles: Cycle[];
  readonly forgotten: string[];
  /** What was decided of held deletions, with the reason. */
  readonly decided: string[];
  readonly audits: AuditEntry[];
  readonly log: LogEntry[];
  /** What people would be told. */
  readonly events: JobEvent[];
  /** What was made due in escrow, as `job codes`. */
  readonly woken: string[];
  /** What was asked of the queue, in order. */
  readonly queued: string[];
  /** Connection tests, as `address token path`. */
  readonly tested: string[];
  now: Date;
  links: { User: number; Group: number };
  escrows: number;
  /** What the application answers to a connection test. */
  testConnection: () => Promise<void>;
}

export function fakeWorld(): FakeWorld {
  let count = 0;
  const world: Omit<FakeWorld, 'deps'> = {
    access: memoryAccess(),
    jobs: new Map(),
    schemas: new Map(),
    secrets: new Map(),
    cycles: [],
    forgotten: [],
    decided: [],
    audits: [],
    log: [],
    events: [],
    woken: [],
    queued: [],
    tested: [],
    now: new Date('2026-05-18T19:00:00Z'),
    links: { User: 0, Group: 0 },
    escrows: 0,
    testConnection: () => Promise.resolve(),
  };
  const deps: UseCaseDeps = {
    clock: { now: () => world.now },
    newId: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
    random: () => 0.5,
    fingerprint: fingerprinter(Buffer.alloc(32, 7)),
    directory: {
      refresh: () => Promise.reject(new Error('no cycle runs here')),
      readObjects: () => Promise.reject(new Error('no cycle runs here')),
      servicePrincipal: (id) => Promise.resolve(id === SP.id ? { ...SP, applicationTemplateId: null } : null),
    },
    servicePrincipalsNamed: (name) => Promise.resolve(name === SP.displayName ? [SP] : []),
    servicePrincipalByAppId: (appId) => Promise.resolve(appId === SP.appId ? SP : null),
    servicePrincipalOfApplication: (id) => Promise.resolve(id === APPLICATION ? SP : null),
    targets: {
      open: ({ baseAddress, token }) => ({
        ...noTarget,
        testConnection: (path) => {
          world.tested.push(`${baseAddress} ${token ?? ''} ${path}`);
          return world.testConnection();
        },
      }),
    },
    jobs: jobStore(world),
    secrets: secretStore(world),
    cycles: cycleStore(world),
    escrows: escrowStore(world),
    held: {
      list: () => Promise.resolve({ held: [], next: null }),
      decide: (_id, _which, { decision, reason }) => {
        world.decided.push(`${decision}: ${reason}`);
        return Promise.resolve([]);
      },
    },
    listings: noListings,
    feed: { end: () => Promise.resolve('0-0'), after: (place) => Promise.resolve({ lines: [], place }), trim: unused },
    links: { list: unused, link: unused, unlink: unused },
    provisioning: { ...noProvisioning, servicePrincipal: () => Promise.resolve(SP) },
    logs: logStore(world),
    events: outbox(world),
    channels: { recipients: [], webhooks: [], mailIsSetUp: false, send: unused },
    publicUrl: null,
    queue: queue(world),
    logger: { info: () => undefined, warn: () => undefined },
    templates: { find: findTemplate, list: () => jobTemplates },
    checkTenantUrl: (url) =>
      URL.canParse(url) ? null : `'${url}' is no URL. Enter one like https://app.example/scim.`,
    tenantId: TENANT,
    defaultIntervalSeconds: 2400,
  };
  return Object.assign(world, { deps });
}

type World = Omit<FakeWorld, 'deps'>;
const unused = (): never => {
  throw new Error('not part of this fake');
};
const noTarget: TargetSession = {
  dialect: rfcDialect,
  testConnection: unused,
  discover: () => Promise.resolve({ config: null, resourceTypes: null, schemas: null }),
  find: unused,
  list: unused,
  get: unused,
  create: unused,
  patch: unused,
  remove: unused,
  sent: { requests: 0, writes: 0 },
};
const noListings: UseCaseDeps['listings'] = {
  get: unused,
  exclusively: unused,
  toMatch: unused,
  savePage: unused,
  add: unused,
  find: unused,
  linksMissing: unused,
  takeChecks: unused,
};
const noProvisioning: UseCaseDeps['provisioning'] = {
  servicePrincipal: unused,
  candidates: unused,
  groupNames: unused,
  linkedTo: unused,
  reserveValues: unused,
  intend: unused,
  takeReferences: unused,
  memberGroups: unused,
  memberLosses: unused,
  memberChanges: unused,
  countMemberChanges: unused,
  awaitedMembers: unused,
  markMembers: unused,
  recordMembers: unused,
  settleMembers: unused,
  membersWereRead: unused,
  managerDiffs: unused,
  noteMembers: unused,
  recordPage: unused,
};

const outbox = (world: World): UseCaseDeps['events'] => ({
  emit: (event) => Promise.resolve(void world.events.push(event)),
  list: () => Promise.resolve([]),
  route: unused,
  take: unused,
  finish: unused,
  forgetOlderThan: unused,
});

function jobStore(world: World): JobStore {
  const versions = (id: string): StoredSchema[] => world.schemas.get(id) ?? [];
  const save = (id: string, schema: StoredSchema['schema'], savedBy: string | null = null): StoredSchema => {
    const stored = { version: versions(id).length + 1, savedAt: world.now, savedBy, schema };
    world.schemas.set(id, [...versions(id), stored]);
    return stored;
  };
  return {
    create({ schema, ...given }) {
      const job: Job = {
        ...given,
        createdAt: world.now,
        scheduleState: 'Disabled',
        watermark: null,
        quarantine: null,
        successiveFailures: 0,
        escrowsPruned: false,
        steadyStateFirst: null,
        steadyStateLast: null,
      };
      world.jobs.set(job.id, job);
      save(job.id, schema);
      return Promise.resolve(job);
    },
    get: (id) => Promise.resolve(world.jobs.get(id) ?? null),
    list: (filter) =>
      Promise.resolve(
        [...world.jobs.values()].filter(
          (job) => (filter?.servicePrincipalId ?? job.servicePrincipalId) === job.servicePrincipalId,
        ),
      ),
    update(id, patch, events = []) {
      const job = world.jobs.get(id);
      if (job === undefined) return Promise.reject(new Error(`no job ${id}`));
      const updated = { ...job, ...patch };
      world.jobs.set(id, updated);
      world.events.push(...events);
      return Promise.resolve(updated);
    },
    delete: (id) => {
      world.jobs.delete(id);
      return Promise.resolve();
    },
    schema: (id) => Promise.resolve(versions(id).at(-1) ?? unused()),
    schemaVersion: (id, version) => Promise.resolve(versions(id)[version - 1] ?? unused()),
    schemaVersions: (id) => Promise.resolve(versions(id).toReversed()),
    saveSchema: (id, schema, savedBy) => Promise.resolve(save(id, schema, savedBy)),
    noteDialect: (id, { knobs, proven }) => {
      const job = world.jobs.get(id) ?? unused();
      const { merged, news } = mergeFound(job.dialect, { knobs, proven });
      world.jobs.set(id, { ...job, dialect: merged });
      return Promise.resolve(news);
    },
    linkCounts: () => Promise.resolve(world.links),
    escrowCount: () => Promise.resolve(world.escrows),
    heldCount: () => Promise.resolve(0),
    reset: (id, forgotten, patch) => {
      world.forgotten.push(...forgotten);
      world.jobs.set(id, { ...(world.jobs.get(id) ?? unused()), ...patch });
      return Promise.resolve();
    },
  };
}

const escrowStore = (world: World): EscrowStore => ({
  list: unused,
  causes: () => Promise.resolve([]),
  standing: () => Promise.resolve({ failedObjects: 0, failedReferences: 0, good: 0 }),
  decide: unused,
  wake: (jobId, codes) => {
    world.woken.push(`${jobId} ${codes.join(' ')}`);
    return Promise.resolve(0);
  },
});

const secretStore = (world: World): SecretStore => ({
  get: (owner) => Promise.resolve(world.secrets.get(owner) ?? {}),
  replace: (owner, secrets) => {
    world.secrets.set(owner, secrets);
    return Promise.resolve();
  },
});

/** A finished cycle as the store would give it. */
export const cycleOf = (jobId: string, rest: Partial<Cycle> = {}): Cycle => ({
  id: 'cycle-1',
  jobId,
  type: 'incremental',
  dryRun: false,
  trigger: 'schedule',
  onlyMembers: null,
  state: 'succeeded',
  phase: 'done',
  queuedAt: new Date('2026-05-18T18:00:00Z'),
  startedAt: new Date('2026-05-18T18:00:01Z'),
  endedAt: new Date('2026-05-18T18:00:09Z'),
  schemaVersion: 1,
  from: 0,
  to: 10,
  guard: null,
  progress: { done: 12, total: 12 },
  counts: noCounts,
  error: null,
  resumed: 0,
  probing: false,
  escrowed: null,
  ...rest,
});

function cycleStore(world: World): CycleStore {
  const newestFirst = (jobId: string): Cycle[] =>
    world.cycles.filter((cycle) => cycle.jobId === jobId).sort((a, b) => b.queuedAt.getTime() - a.queuedAt.getTime());
  return {
    open(given) {
      const running = newestFirst(given.jobId).find(({ state }) => unfinishedStates.includes(state));
      if (running !== undefined) return Promise.resolve({ running });
      const opened = cycleOf(given.jobId, {
        ...given,
        state: 'queued',
        phase: 'refresh',
        startedAt: null,
        endedAt: null,
        to: null,
        progress: { done: 0, total: 0 },
      });
      world.cycles.push(opened);
      return Promise.resolve({ opened });
    },
    get: (id) => Promise.resolve(world.cycles.find((cycle) => cycle.id === id) ?? null),
    chosen: unused,
    list: (jobId, limit) => Promise.resolve(newestFirst(jobId).slice(0, limit)),
    unfinished: unused,
    enterPhase: unused,
    addCounts: unused,
    letFollow: unused,
    end(id, { state, at, error }) {
      const index = world.cycles.findIndex((cycle) => cycle.id === id && unfinishedStates.includes(cycle.state));
      const cycle = world.cycles[index];
      if (cycle === undefined) return Promise.resolve(false);
      world.cycles[index] = { ...cycle, state, endedAt: at, error };
      return Promise.resolve(true);
    },
    async stop(jobId, { at }) {
      const [running] = newestFirst(jobId).filter(({ state }) => unfinishedStates.includes(state));
      if (running !== undefined) await this.end(running.id, { state: 'stopped', at, error: null });
    },
    goOn: () => Promise.resolve(null),
    takePage: unused,
    keepPage: unused,
    mayWrite: unused,
    releasePage: unused,
    unfinishedPages: unused,
    pageFailed: unused,
    pagesGivenUp: unused,
    leavers: unused,
    countGone: unused,
  };
}

/** Newest first, narrowed by what the store can narrow by; a cursor is the position to go on from. */
function logStore(world: World): LogStore {
  const fits = (query: LogQuery, entry: LogEntry): boolean =>
    (query.jobId ?? entry.jobId) === entry.jobId &&
    (query.status ?? entry.status) === entry.status &&
    (query.action ?? entry.provisioningAction) === entry.provisioningAction &&
    (query.after === undefined || entry.activityDateTime > query.after) &&
    (query.before === undefined || entry.activityDateTime < query.before);
  return {
    provisioning(query) {
      const sign = query.ascending === true ? 1 : -1;
      const all = world.log
        .filter((entry) => fits(query, entry))
        .sort((a, b) => sign * (a.activityDateTime.getTime() - b.activityDateTime.getTime()));
      const from = Number(query.cursor ?? 0);
      const entries = all.slice(from, from + query.limit);
      const end = from + entries.length;
      return Promise.resolve({ entries, next: end < all.length ? String(end) : null });
    },
    provisioningEntry: (id) => Promise.resolve(world.log.find((entry) => entry.id === id) ?? null),
    audit: (entry) => {
      world.audits.push(entry);
      return Promise.resolve();
    },
  };
}

const queue = (world: World): Queue => {
  const note = (what: string): Promise<void> => {
    world.queued.push(what);
    return Promise.resolve();
  };
  return {
    advance: (cycleId, phase) => note(`advance ${cycleId} ${phase}`),
    pages: unused,
    schedule: (jobId, seconds, startAt) => note(`schedule ${jobId} ${String(seconds)} ${startAt.toISOString()}`),
    unschedule: (jobId) => note(`unschedule ${jobId}`),
  };
};

export const logEntryOf = (n: number, rest: Partial<LogEntry> = {}): LogEntry => ({
  id: `entry-${String(n)}`,
  activityDateTime: new Date(Date.parse('2026-05-18T10:00:00Z') + n * 1000),
  tenantId: TENANT,
  jobId: 'job-1',
  cycleId: 'cycle-1',
  changeId: `change-${String(n)}`,
  servicePrincipal: { id: SP.id, displayName: SP.displayName },
  provisioningAction: 'create',
  status: 'success',
  error: null,
  durationInMilliseconds: 12,
  sourceIdentity: { id: `user-${String(n)}`, displayName: `User ${String(n)}`, identityType: 'User', details: {} },
  targetIdentity: { id: '', displayName: '', identityType: 'urn:ietf:params:scim:schemas:core:2.0:User', details: {} },
  steps: [
    { name: 'EntryImportAdd', provisioningStepType: 'import', status: 'success', description: 'Received', details: {} },
  ],
  modifiedProperties: [{ displayName: 'userName', oldValue: null, newValue: `user${String(n)}` }],
  ...rest,
});
