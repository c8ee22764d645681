// Provision on demand: one user, or one group with chosen members, through the pipeline of a cycle, beside the schedule.
import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '../../rules/model/errors.ts';
import type { Cycle, Job } from '../../rules/model/job.ts';
import type { LogEntry } from '../../rules/model/log.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import { audit } from './audit.ts';
import { requireCredentials } from './cycles.ts';
import type { UseCaseDeps } from './deps.ts';
import { notFound } from './not-found.ts';

export interface OnDemand {
  readonly subject: { readonly type: ObjectType; readonly id: string };
  /** Users to provision and to write as members of the subject, when it is a group. */
  readonly members: readonly string[];
  /** What-if: everything is decided, nothing is written. */
  readonly dryRun: boolean;
  readonly actor: string;
}
export interface OnDemandResult {
  readonly cycle: Cycle;
  /** Of the subject: what became of it, then what became of its references. */
  readonly entries: readonly LogEntry[];
  /** The same of each member. */
  readonly members: readonly (readonly LogEntry[])[];
}

const LOOK_EVERY_MS = 100;
/** Shorter than the time that clients and proxies usually wait. */
const LONGEST_WAIT_MS = 55_000;
const MOST_MEMBERS = 500;

/** Throws ConfigError for an object that does not exist, or that cannot be read, with the code of what is in the way. */
export async function provisionOnDemand(deps: UseCaseDeps, job: Job, request: OnDemand): Promise<OnDemandResult> {
  await requireCredentials(deps, job);
  if (request.members.length > MOST_MEMBERS)
    throw new ConfigError('Request_BadRequest', `Give at most ${String(MOST_MEMBERS)} members at once.`, 'members');
  const opened = await open(deps, job, request);
  await deps.queue.advance(opened.id, 'refresh');
  await note(deps, job, request, opened);
  const cycle = await ended(deps, opened.id);
  if (cycle.state === 'failed' && cycle.error !== null)
    throw new ConfigError(cycle.error.code, `${request.subject.type} ${request.subject.id}: ${cycle.error.message}`);
  return resultOf(deps, cycle, request);
}

async function open(deps: UseCaseDeps, job: Job, { subject, members, dryRun }: OnDemand): Promise<Cycle> {
  const { version } = await deps.jobs.schema(job.id);
  const users = subject.type === 'User' ? [subject.id] : members;
  const result = await deps.cycles.open({
    id: deps.newId(),
    jobId: job.id,
    type: 'incremental',
    dryRun,
    trigger: 'onDemand',
    queuedAt: deps.clock.now(),
    schemaVersion: version,
    from: job.watermark ?? 0,
    chosen: { users: [...new Set(users)], groups: subject.type === 'Group' ? [subject.id] : [], members },
  });
  if ('opened' in result) return result.opened;
  throw new Error(`the store refused an on-demand run of job ${job.id} although none excludes another`);
}

/** The worker that takes the run may be another process: the database says when it has ended. */
async function ended(deps: UseCaseDeps, id: string): Promise<Cycle> {
  for (let waited = 0; waited < LONGEST_WAIT_MS; waited += LOOK_EVERY_MS) {
    const cycle = await deps.cycles.get(id);
    if (cycle === null) throw new ConfigError('JobDeleted', 'The job was deleted while this ran.');
    if (cycle.endedAt !== null) return cycle;
    await pause(LOOK_EVERY_MS);
  }
  throw new ConfigError(
    'OnDemandStillRunning',
    `The run ${id} has not ended after ${String(LONGEST_WAIT_MS / 1000)} seconds and goes on. Its result will be in the provisioning log: GET /auditLogs/provisioning?$filter=cycleId eq '${id}'. If it never comes, check that a worker runs.`,
  );
}

async function resultOf(deps: UseCaseDeps, cycle: Cycle, { subject }: OnDemand): Promise<OnDemandResult> {
  const { entries } = await deps.logs.provisioning({ cycleId: cycle.id, limit: 1000, ascending: true });
  const own = entries.filter(({ sourceIdentity }) => sourceIdentity.id === subject.id);
  if (own.length === 0)
    throw notFound(subject.type, subject.id, 'Use the object id that the directory has for it, and its right type.');
  const others = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const { id } = entry.sourceIdentity;
    if (id !== subject.id) others.set(id, [...(others.get(id) ?? []), entry]);
  }
  return { cycle, entries: own, members: [...others.values()] };
}

const note = (
  deps: UseCaseDeps,
  job: Job,
  { actor, subject, members, dryRun }: OnDemand,
  { id }: Cycle,
): Promise<void> =>
  audit(deps, {
    actor,
    activity: 'Provision on demand',
    jobId: job.id,
    servicePrincipalId: job.servicePrincipalId,
    after: { cycleId: id, objectId: subject.id, objectType: subject.type, members: members.length, dryRun },
  });
