// Everything that Graph's synchronizationStatus tells about a job, gathered from where it is kept.
import { unfinishedStates } from '../../rules/model/job.ts';
import type { Cycle, Job } from '../../rules/model/job.ts';
import type { ObjectType } from '../../rules/model/source-object.ts';
import type { UseCaseDeps } from './deps.ts';

/** Graph's synchronizationStatusCode, as far as a job that exists can have it. */
export type StatusCode = 'NotRun' | 'Active' | 'Paused' | 'Quarantine';

export interface JobStatus {
  readonly job: Job;
  readonly code: StatusCode;
  readonly observedAt: Date;
  readonly current: Cycle | null;
  /** What-if and stopped cycles are no executions. */
  readonly lastExecution: Cycle | null;
  readonly lastSuccessful: Cycle | null;
  readonly lastSuccessfulWithExports: Cycle | null;
  readonly escrows: number;
  /** Disables, deletes and removals of members that wait for approval. */
  readonly held: number;
  readonly entries: readonly EntryCount[];
}
export interface EntryCount {
  readonly sourceObjectName: ObjectType;
  readonly targetObjectName: string;
  readonly linked: number;
}

/** How many cycles back the last successful one is looked for. */
const DEPTH = 100;

export async function jobStatus(deps: UseCaseDeps, job: Job): Promise<JobStatus> {
  const [cycles, escrows, held, entries] = await Promise.all([
    deps.cycles.list(job.id, DEPTH),
    deps.jobs.escrowCount(job.id),
    deps.jobs.heldCount(job.id),
    entryCounts(deps, job),
  ]);
  const executions = cycles.filter((cycle) => !cycle.dryRun && isExecution(cycle));
  const successful = executions.filter(({ state }) => state !== 'failed');
  return {
    job,
    code: codeOf(job, executions.length > 0),
    observedAt: deps.clock.now(),
    current: cycles.find(({ state }) => unfinishedStates.includes(state)) ?? null,
    lastExecution: executions[0] ?? null,
    lastSuccessful: successful[0] ?? null,
    lastSuccessfulWithExports: successful.find(({ counts }) => counts.targetWrites > 0) ?? null,
    escrows,
    held,
    entries,
  };
}

const isExecution = ({ state }: Cycle): boolean =>
  state === 'succeeded' || state === 'entryLevelErrors' || state === 'failed';

function codeOf(job: Job, hasRun: boolean): StatusCode {
  if (job.scheduleState !== 'Active') return 'Paused';
  if (job.quarantine !== null) return 'Quarantine';
  return hasRun ? 'Active' : 'NotRun';
}

async function entryCounts(deps: UseCaseDeps, job: Job): Promise<readonly EntryCount[]> {
  const [linked, { schema }] = await Promise.all([deps.jobs.linkCounts(job.id), deps.jobs.schema(job.id)]);
  return schema.synchronizationRules
    .flatMap(({ objectMappings }) => objectMappings)
    .map(({ sourceObjectName, targetObjectName }) => ({
      sourceObjectName,
      targetObjectName,
      linked: linked[sourceObjectName],
    }))
    .filter((entry) => entry.linked > 0);
}
